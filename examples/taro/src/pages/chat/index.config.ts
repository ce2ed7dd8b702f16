export default { navigationBarTitleText: '聊天' };

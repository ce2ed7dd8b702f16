export default { navigationBarTitleText: '全局函数' };

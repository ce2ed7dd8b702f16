export default { navigationBarTitleText: '文档示例' };

export default { navigationBarTitleText: '导入方式' };

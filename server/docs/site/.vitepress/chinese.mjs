/** What VitePress's own parts are called in Chinese. */

export const CHINESE = {
  outline: { level: /** @type {[2, 3]} */ ([2, 3]), label: '本页内容' },
  docFooter: { prev: '上一页', next: '下一页' },
  editLink: { pattern: (/** @type {any} */ { frontmatter }) => frontmatter.source, text: '仓库中的此页' },
  darkModeSwitchLabel: '外观',
  lightModeSwitchTitle: '切换到浅色',
  darkModeSwitchTitle: '切换到深色',
  sidebarMenuLabel: '目录',
  returnToTopLabel: '回到顶部',
  langMenuLabel: '切换语言',
  skipToContentLabel: '跳到正文',
  notFound: {
    title: '没有这个页面',
    quote: '地址可能有误，或页面已经移走。',
    linkLabel: '回到首页',
    linkText: '首页',
  },
};

/** What its search is called. */
export const CHINESE_SEARCH = {
  button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
  modal: {
    displayDetails: '显示详情',
    resetButtonTitle: '清除搜索词',
    backButtonTitle: '关闭搜索',
    noResultsText: '没有找到',
    footer: {
      selectText: '选择',
      selectKeyAriaLabel: '回车键',
      navigateText: '移动',
      navigateUpKeyAriaLabel: '上箭头',
      navigateDownKeyAriaLabel: '下箭头',
      closeText: '关闭',
      closeKeyAriaLabel: 'Esc 键',
    },
  },
};

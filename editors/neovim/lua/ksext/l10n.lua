--- Everything that the plugin says, in English and Chinese. What the language server says comes in the
--- user's language already.

local config = require('ksext.config')

local M = {}

---@type table<string, { en: string, zh: string }>
M.TEXTS = {
  -- client.lua, buffer.lua, run.lua
  no_program = { en = 'there is no program `%s`', zh = '找不到程序 `%s`' },
  not_executable = { en = '`%s` cannot be executed', zh = '`%s` 无法执行' },
  install = {
    en = '%s; install ksext, or name it in `vim.g.ksext.cmd`',
    zh = '%s；请安装 ksext，或在 `vim.g.ksext.cmd` 中指定',
  },
  not_started = {
    en = 'cannot start the language server: %s, then `:KsextRestart`',
    zh = '无法启动语言服务器：%s，然后执行 `:KsextRestart`',
  },
  not_running = {
    en = 'the language server does not run for this buffer; `:KsextRestart` starts it, `:checkhealth ksext` tells what is wrong',
    zh = '语言服务器未在此缓冲区中运行；可用 `:KsextRestart` 启动，或用 `:checkhealth ksext` 查找原因',
  },
  restarted = { en = 'the language server is started anew', zh = '语言服务器已重新启动' },
  nothing_runs = { en = 'no command is running', zh = '没有正在运行的命令' },
  cancel_which = { en = 'Cancel which command?', zh = '取消哪个命令？' },
  cannot_run = { en = 'cannot run `%s`: %s', zh = '无法运行 `%s`：%s' },
  gave_up = { en = 'it has not answered in time', zh = '未能及时响应' },
  -- ask.lua
  key = { en = 'API key of %s (not shown): ', zh = '%s 的 API 密钥（不回显）：' },
  no_key = {
    en = 'no key was entered: nothing has changed',
    zh = '未输入密钥，未作任何更改',
  },
  -- commands.lua
  key_in_command = {
    en = 'this is an API key, not a server; it was not used, and is taken out of the history: `:KsextLogin` asks for it unseen',
    zh = '这是 API 密钥而不是服务器；未使用该密钥，并已从历史记录中删除：请用 `:KsextLogin` 在不回显的提示中输入',
  },
  new_name = { en = 'Name of the new extension: ', zh = '新扩展组件的名称：' },
  sandbox_hint = {
    en = 'Log in to it with :KsextLogin and the address above; any key of the usual shape is accepted.',
    zh = '使用 :KsextLogin 和上面的地址登录；接受任何格式正确的密钥。',
  },
  which_rule = {
    en = 'name a rule, or put the cursor on a finding of ksext',
    zh = '请指定一条规则，或将光标移到 ksext 报告的问题上',
  },
  -- The views
  cannot_open = { en = 'cannot open %s: %s', zh = '无法打开 %s：%s' },
  bad_open = {
    en = '`vim.g.ksext.open` opens no window: %s',
    zh = '`vim.g.ksext.open` 无法打开窗口：%s',
  },
  opens = { en = '<CR> opens', zh = '<CR> 打开' },
  keys = { en = '%s, %s', zh = '%s，%s' },
  keys_close = { en = 'R asks again, q closes', zh = 'R 刷新，q 关闭' },
  size_folders = { en = 'By folder', zh = '按目录' },
  size_entries = { en = 'What weighs most', zh = '占用最多的文件' },
  size_more = { en = 'and %d more', zh = '另有 %d 个' },
  preview_title = {
    en = 'What push would publish of %s: %d entries, %s',
    zh = '推送将发布的内容：%s，共 %d 个条目，%s',
  },
  preview_errors = {
    en = '%d errors keep push from publishing it',
    zh = '有 %d 个错误，推送会被拒绝',
  },
  preview_rewritten = { en = '%s, as push writes it', zh = '推送改写后的 %s' },
  preview_unchanged = { en = 'push writes it as it is', zh = '推送不作改动' },
  preview_entries = { en = 'All entries of the archive', zh = '打包文件中的全部条目' },
  preview_opens = {
    en = '<CR> opens an entry, or the text as push writes it',
    zh = '<CR> 打开条目或推送改写后的文本',
  },
  diff_title = {
    en = '%s %s compared with %s from %s',
    zh = '%s %s 与 %s（%s）的比较',
  },
  diff_size = { en = 'package: %s, before %s', zh = '包大小：%s，之前 %s' },
  diff_entries = { en = 'Entries that differ', zh = '有变化的条目' },
  diff_none = { en = 'Nothing has changed.', zh = '没有变化。' },
  diff_unchanged = { en = '%d entries are the same', zh = '%d 个条目相同' },
  review_title = { en = 'Extensions of the account', zh = '账号下的扩展组件' },
  review_none = { en = 'No extension was pushed yet.', zh = '尚未推送过扩展组件。' },
  review_no_version = { en = 'no version was pushed', zh = '没有推送过版本' },
  review_keys = {
    en = '<CR> shows the versions, s submits, w withdraws, o opens the package',
    zh = '<CR> 显示版本，s 提交审核，w 撤回审核，o 打开扩展组件包',
  },
  review_not_here = {
    en = '%s: its package is not in %s',
    zh = '%s：其扩展组件包不在 %s 中',
  },
  review_done = { en = '%s %s, snapshot %s: %s', zh = '%s %s（快照 %s）：%s' },
  review_pick = { en = 'put the cursor on a version', zh = '请将光标移到一个版本上' },
  market_category = { en = 'Category', zh = '分类' },
  market_provider = { en = 'Provider', zh = '提供商' },
  market_version = { en = 'Version', zh = '版本' },
  market_requires = { en = 'Requires', zh = '环境要求' },
  market_mode = { en = 'Installation', zh = '安装模式' },
  market_keywords = { en = 'Keywords', zh = '关键字' },
  market_maintainers = { en = 'Maintainers', zh = '维护者' },
  market_home = { en = 'Home page', zh = '主页' },
  market_docs = { en = 'Documentation', zh = '文档' },
  market_sources = { en = 'Source code', zh = '源代码' },
  market_icon = { en = 'Icon', zh = '图标' },
  market_screenshots = { en = 'Screenshots', zh = '截图' },
  market_dependencies = { en = 'Charts', zh = '子 Chart' },
  market_missing = { en = 'Missing', zh = '缺少的内容' },
  market_not_there = { en = 'not there', zh = '文件不存在' },
  market_none = { en = 'none', zh = '无' },
  market_readme = { en = 'Details', zh = '详情' },
  market_changelog = { en = 'Changes', zh = '更新日志' },
  market_opens = { en = '<CR> opens a picture', zh = '<CR> 打开图片' },
  -- health.lua
  health_neovim = { en = 'Neovim %s', zh = 'Neovim %s' },
  health_neovim_old = {
    en = 'Neovim %s is too old: 0.11 or newer is needed',
    zh = 'Neovim %s 版本过旧：需要 0.11 或更新版本',
  },
  health_options = { en = 'Options', zh = '选项' },
  health_no_option = { en = '`vim.g.ksext.%s` sets nothing', zh = '`vim.g.ksext.%s` 不起作用' },
  health_option_type = {
    en = '`vim.g.ksext.%s` must be a %s',
    zh = '`vim.g.ksext.%s` 的类型必须是 %s',
  },
  health_not_options = {
    en = '`vim.g.ksext` must be a table of options, or a function that returns one: %s',
    zh = '`vim.g.ksext` 必须是选项的表，或返回它的函数：%s',
  },
  health_options_ok = { en = '`vim.g.ksext` is understood', zh = '`vim.g.ksext` 设置有效' },
  health_program = { en = 'Program', zh = '程序' },
  health_no_program_advice = {
    en = 'Install ksext so that it is on the PATH, or name it: `vim.g.ksext = { cmd = { "/…/ksext", "lsp" } }`',
    zh = '请安装 ksext 并将其加入 PATH，或直接指定：`vim.g.ksext = { cmd = { "/…/ksext", "lsp" } }`',
  },
  health_found = { en = 'ksext %s, %s', zh = 'ksext %s，%s' },
  health_old = {
    en = 'ksext %s is older than this plugin, which needs %s',
    zh = 'ksext %s 版本低于此插件所需的 %s',
  },
  health_unknown = { en = '`%s --version` says: %s', zh = '`%s --version` 的输出：%s' },
  health_doctor = { en = 'What `ksext doctor` finds', zh = '`ksext doctor` 的结果' },
  health_no_answer = {
    en = 'KubeSphere Cloud was not asked: no answer within %d s',
    zh = '未能检查 KubeSphere Cloud：%d 秒内没有响应',
  },
  health_clients = { en = 'Language server', zh = '语言服务器' },
  health_no_client = {
    en = 'does not run; it starts with the first file of a package',
    zh = '未运行；打开扩展组件包中的文件时自动启动',
  },
  health_disabled = {
    en = "is not enabled: `vim.g.ksext.enable` is `false` and `vim.lsp.enable('ksext')` was not called",
    zh = "未启用：`vim.g.ksext.enable` 为 `false`，且未调用 `vim.lsp.enable('ksext')`",
  },
  health_client = { en = 'runs in %s: %d buffers, %s', zh = '运行于 %s：%d 个缓冲区，%s' },
  health_clash = { en = '%s looks at %s too', zh = '%s 也在检查 %s' },
  health_clash_advice = {
    en = 'To see each problem once: `vim.g.ksext = { settings = { diagnostics = { otherYamlServer = true } } }`',
    zh = '若要让每个问题仅显示一次：`vim.g.ksext = { settings = { diagnostics = { otherYamlServer = true } } }`',
  },
  health_clash_told = {
    en = '%s looks at %s too; what it reports is left to it',
    zh = '%s 也在检查 %s；其必定报告的问题不再重复显示',
  },
}

--- The language of messages.
---@return 'en'|'zh'
function M.lang()
  local told = config.get().lang or config.setting('lang')
  local menus = vim.o.langmenu ~= 'none' and vim.o.langmenu or ''
  local environment = vim.env.LC_ALL or vim.env.LC_MESSAGES or vim.env.LANG
  for _, locale in ipairs({ told or '', menus, environment or '', vim.v.lang }) do
    if type(locale) == 'string' and locale ~= '' then
      return locale:lower():find('^zh') and 'zh' or 'en'
    end
  end
  return 'en'
end

--- One of two texts, by the user's language.
---@param text { en: string, zh: string }
---@return string
function M.pick(text)
  return text[M.lang()]
end

--- A text of the plugin's in the user's language, with values in it.
---@param name string
---@param ... any
---@return string
function M.text(name, ...)
  local text = M.pick(assert(M.TEXTS[name], name))
  return select('#', ...) > 0 and text:format(...) or text
end

return M

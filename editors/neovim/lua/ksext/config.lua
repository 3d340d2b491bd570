--- What the user has set: `vim.g.ksext`, a table or a function that answers one.

local M = {}

--- THE list of options, each with its default; help and types are written from it.
---@type { [1]: string, default: any, type: string, kind: string?, en: string, zh: string }[]
M.OPTIONS = {
  {
    'enable',
    default = true,
    type = 'boolean',
    en = "Whether the language server starts by itself in packages. With `false`, start it with `vim.lsp.enable('ksext')`.",
    zh = "是否在扩展组件包中自动启动语言服务器。设为 `false` 时，请用 `vim.lsp.enable('ksext')` 启动。",
  },
  {
    'cmd',
    default = { 'ksext', 'lsp' },
    type = 'table',
    kind = 'string[]',
    en = 'How the language server is started. The first word is the program that the other commands run too.',
    zh = '启动语言服务器的命令。第一项即其他命令所运行的程序。',
  },
  {
    'lang',
    default = nil,
    type = 'string',
    kind = '"en"|"zh"',
    en = "The language of messages, `'en'` or `'zh'`; without it that of the setting `lang`, of 'langmenu', or of the locale.",
    zh = "消息的语言，`'en'` 或 `'zh'`；未设置时依次取设置项 `lang`、'langmenu' 和系统区域的语言。",
  },
  {
    'settings',
    default = {},
    type = 'table',
    kind = 'ksext.Settings',
    en = 'The settings of the language server, see |ksext-settings|.',
    zh = '语言服务器的设置，见 |ksext-settings|。',
  },
  {
    'lenses',
    default = true,
    type = 'boolean',
    en = 'Whether size, login, push and review status stand above or behind the name and version in a manifest. `:KsextLens` or, with Neovim 0.12, |grx| runs one.',
    zh = '是否在清单的名称和版本处显示大小、登录、推送和审核状态。用 `:KsextLens` 或（Neovim 0.12）|grx| 执行。',
  },
  {
    'inlay_hints',
    default = false,
    type = 'boolean',
    en = 'Whether inlay hints are shown in files of packages: the review status behind `version`, which the lenses tell too.',
    zh = '是否在扩展组件包的文件中显示内嵌提示：`version` 之后的审核状态，CodeLens 中也有显示。',
  },
  {
    'fix_on_save',
    default = false,
    type = 'boolean',
    en = 'Whether all safe fixes are made before a file of a package is written. `require("ksext").fix_all()` makes them at any time.',
    zh = '保存扩展组件包的文件之前是否应用所有安全的修复。`require("ksext").fix_all()` 可随时应用。',
  },
  {
    'progress',
    default = true,
    type = 'boolean',
    en = 'Whether the progress of a command is shown below the windows. Neovim 0.12 shows it by itself.',
    zh = '是否在窗口下方显示命令的进度。Neovim 0.12 会自行显示。',
  },
  {
    'open',
    default = 'botright split',
    type = 'string',
    en = 'How a buffer with an answer is opened, such as `botright vsplit` or `tabnew`.',
    zh = '显示结果的缓冲区的打开方式，例如 `botright vsplit` 或 `tabnew`。',
  },
}

--- What `vim.g.ksext` holds.
---@return table given empty where it holds no options
---@return string? why it holds none, though it is set
function M.given()
  local given, works = vim.g.ksext, true
  if vim.is_callable(given) then
    works, given = pcall(given)
  end
  if works and (given == nil or type(given) == 'table') then
    return given or {}
  end
  return {}, works and vim.inspect(given) or tostring(given)
end

--- Whether an option can be set to a value.
---@param option { [1]: string, type: string, kind: string? }
---@param value any
local function takes(option, value)
  if option.kind ~= 'string[]' then
    return type(value) == option.type
  end
  local is_text = function(word)
    return type(word) == 'string' and word ~= ''
  end
  return vim.islist(value) and #value > 0 and vim.iter(value):all(is_text)
end

--- The options that count.
---@return table options of `ksext.Options`, none of them left out
function M.get()
  local given, options = M.given(), {}
  for _, option in ipairs(M.OPTIONS) do
    local name = option[1]
    if takes(option, given[name]) then
      options[name] = given[name]
    else
      options[name] = vim.deepcopy(option.default)
    end
  end
  return options
end

--- What in `vim.g.ksext` sets nothing, each with the type that it should have; nil for no such option.
---@return { name: string, type: string? }[]
function M.problems()
  local problems = {}
  for name, value in vim.spairs(M.given()) do
    local option = vim.iter(M.OPTIONS):find(function(option)
      return option[1] == name
    end)
    if not option or not takes(option, value) then
      local type = option and (option.kind == 'string[]' and option.kind or option.type)
      problems[#problems + 1] = { name = name, type = type }
    end
  end
  return problems
end

--- The program.
---@return string
function M.program()
  return M.get().cmd[1]
end

--- The setting with this name, written nested or flat; nil if it is not set.
---@param key string such as `size.limit`
function M.setting(key)
  local settings = M.get().settings
  local nested = vim.tbl_get(settings, unpack(vim.split(key, '.', { plain = true })))
  if nested ~= nil then
    return nested
  end
  return settings[key]
end

return M

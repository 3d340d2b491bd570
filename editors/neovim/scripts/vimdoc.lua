-- Writes help and types from the declarations of commands, options and settings, as `cargo xtask gen` has it do:
--   nvim --clean --headless -l scripts/vimdoc.lua           writes them
--   nvim --clean --headless -l scripts/vimdoc.lua --check   tells whether they are as they should be

local root = vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(arg[0])))
vim.opt.runtimepath:prepend(root)

local commands = require('ksext.commands')
local config = require('ksext.config')
local reference = require('ksext.reference')

--- Cells in a line of help.
local WIDTH = 78

--- What stands in the help beside the declarations.
local WORDS = {
  en = {
    title = '*ksext.txt*   Packages of KubeSphere extensions, from finding to review',
    contents = 'Contents',
    sections = {
      'Introduction',
      'Installation',
      'Commands',
      'Options',
      'Settings',
      'Status line',
      'Highlights',
      'Health',
    },
    introduction = {
      'ksext tells authors of KubeSphere extensions what `ksbuilder push` would refuse, change or drop, at the exact place in `extension.yaml`, mends what can be mended, pushes the package to KubeSphere Cloud and follows its review.',
      'The plugin starts the language server `ksext lsp` in packages alone: a file is known by its name and by what stands in it, so the `extension.yaml` of others, such as that of Firebase or Dynatrace, is left alone. One server serves all packages of a repository.',
      'What comes with the language server is used as in Neovim everywhere: |K| explains a field, |gra| offers fixes and refactorings, |grn| renames, |grr| lists references, |gO| shows the outline, |CTRL-]| leads to charts, values and pictures. Above or behind name and version stand lenses (size, login, push, review status); `:KsextLens` or, with Neovim 0.12, |grx| runs one.',
    },
    installation = {
      'The program `ksext` must be on the PATH, and Neovim 0.11 or newer is needed. The plugin is the folder `editors/neovim` of the repository; any plugin manager installs it, and nothing needs to be set up. `:checkhealth ksext` tells whether all is well.',
      'The key of KubeSphere Cloud is asked for by `:KsextLogin`. What is typed is not shown, stands in no history, and never in the log, whatever its level.',
    },
    commands = 'Those marked + work everywhere, the others in files of a package and in the buffers that show something of one. In those buffers `q` closes, `R` asks again.',
    options = 'Options stand in `vim.g.ksext`, a table or a function that answers one. `vim.lsp.config("ksext", {…})` lies over what the plugin gives to the client (|vim.lsp.config()|). `:KsextRestart` takes changes over.',
    default = 'Default',
    settings = 'Settings of the language server stand in `vim.g.ksext.settings`, nested or flat; those of a project in `.ksext.yaml`. The types are those of `ksext.Settings`.',
    value = 'Value',
    status = {
      '`require("ksext").status()` is the package of the current buffer in a few words, such as `1.1.0 submitted 2 h ago · 33.8 KB`, or the command that is running; empty where there is no package:',
      '`require("ksext").package_status()` is all that is known of it: findings, size, review, login. The autocommand event |User| with the pattern `KsextStatus` tells that it may have changed.',
    },
    highlights = 'All are links that a colour scheme may set:',
    health = '`:checkhealth ksext` looks at Neovim, the options, the program, all that `ksext doctor` looks at (network and login among it), the running servers, and other YAML servers on the same files.',
  },
  zh = {
    title = '*ksext.txt*   KubeSphere 扩展组件包：从发现问题到通过审核',
    contents = '目录',
    sections = {
      '简介',
      '安装',
      '命令',
      '选项',
      '设置',
      '状态栏',
      '高亮',
      '健康检查',
    },
    introduction = {
      'ksext 提前告知 KubeSphere 扩展组件的作者 `ksbuilder push` 会拒绝、更改或丢弃什么，在 `extension.yaml` 的准确位置指出问题，修复能够修复的部分，再将扩展组件包推送到 KubeSphere Cloud、跟踪其审核。',
      '插件仅在扩展组件包中启动语言服务器 `ksext lsp`：根据文件名和内容识别，不会打扰 Firebase、Dynatrace 等其他的 `extension.yaml`。一个服务器服务于整个代码仓库中的所有扩展组件包。',
      '语言服务器的各项功能，用法与 Neovim 中的其他语言相同：|K| 解释字段，|gra| 提供修复和重构，|grn| 重命名，|grr| 列出引用，|gO| 显示大纲，|CTRL-]| 跳转到 Chart、values 和图片。名称和版本处显示大小、登录、推送和审核状态；用 `:KsextLens` 或（Neovim 0.12）|grx| 执行。',
    },
    installation = {
      '程序 `ksext` 必须在 PATH 中，需要 Neovim 0.11 或更新版本。插件是代码仓库中的目录 `editors/neovim`，可用任何插件管理器安装，无需配置。`:checkhealth ksext` 检查是否一切正常。',
      '`:KsextLogin` 询问 KubeSphere Cloud 的密钥。输入的内容不回显、不进入历史记录，无论日志级别如何也不会写入日志。',
    },
    commands = '标有 + 的命令随处可用，其余命令用于扩展组件包的文件及显示其内容的缓冲区。在这些缓冲区中，`q` 关闭，`R` 刷新。',
    options = '选项写在 `vim.g.ksext` 中，可以是表或返回表的函数。`vim.lsp.config("ksext", {…})` 可覆盖插件传给客户端的内容（|vim.lsp.config()|）。更改后执行 `:KsextRestart` 生效。',
    default = '默认值',
    settings = '语言服务器的设置写在 `vim.g.ksext.settings` 中，可嵌套，也可用点分隔；项目的设置写在 `.ksext.yaml` 中。类型见 `ksext.Settings`。',
    value = '值',
    status = {
      '`require("ksext").status()` 用几个词说明当前缓冲区所属的扩展组件包，例如 `1.1.0 审核中 2 小时前 · 33.8 KB`，或正在运行的命令；不属于扩展组件包时为空：',
      '`require("ksext").package_status()` 返回全部已知信息：问题、大小、审核、登录。可能有变化时触发模式为 `KsextStatus` 的 |User| 自动命令事件。',
    },
    highlights = '以下均为可由配色方案设置的链接：',
    health = '`:checkhealth ksext` 检查 Neovim、选项、程序、`ksext doctor` 所检查的全部内容（包括网络和登录）、正在运行的语言服务器，以及检查同样文件的其他 YAML 语言服务器。',
  },
}

--- The tags of the sections, in their order.
local TAGS = {
  'ksext-introduction',
  'ksext-installation',
  'ksext-commands',
  'ksext-options',
  'ksext-settings',
  'ksext-status',
  'ksext-highlights',
  'ksext-health',
}

--- Where a line may be broken: at blanks, and behind any wide character.
---@param text string
local function pieces(text)
  local found, word = {}, ''
  for _, character in ipairs(vim.fn.split(text, [[\zs]])) do
    word = word .. character
    if character == ' ' or vim.fn.strdisplaywidth(character) > 1 then
      found[#found + 1] = word
      word = ''
    end
  end
  found[#found + 1] = word
  return found
end

--- Marks that may not begin a line.
local CLOSING = { '，', '。', '；', '：', '、', '）', '？' }

--- A text in lines of help.
---@param lines string[]
---@param text string
---@param indent string
local function add(lines, text, indent)
  local line = indent
  for _, piece in ipairs(pieces(text)) do
    local is_closing = vim.list_contains(CLOSING, piece)
    local width = vim.fn.strdisplaywidth(line .. vim.trim(piece))
    if width > WIDTH - (is_closing and 0 or 2) and line ~= indent and not is_closing then
      lines[#lines + 1] = (line:gsub('%s+$', ''))
      line = indent
    end
    line = line .. piece
  end
  lines[#lines + 1] = (line:gsub('%s+$', ''))
end

--- A line with a tag at its end.
---@param left string
---@param tag string
local function tagged(left, tag)
  local mark = ('*%s*'):format(tag)
  local gap = WIDTH - vim.fn.strdisplaywidth(left) - #mark
  return left .. (' '):rep(math.max(gap, 2)) .. mark
end

---@param lines string[]
---@param words table
---@param index integer
local function section(lines, words, index)
  local title = ('%d. %s'):format(index, words.sections[index])
  vim.list_extend(lines, { '', ('='):rep(WIDTH), tagged(title, TAGS[index]), '' })
end

---@param lines string[]
---@param lang 'en'|'zh'
local function add_commands(lines, lang)
  add(lines, WORDS[lang].commands, '')
  for _, command in ipairs(commands.COMMANDS) do
    local usage = (':%s%s%s'):format(
      command.name,
      command.bang and '[!]' or '',
      command.usage and ' ' .. command.usage or ''
    )
    local left = usage .. (command.anywhere and '  +' or '')
    vim.list_extend(lines, { '', tagged(left, ':' .. command.name) })
    add(lines, commands.help(command, lang), '    ')
  end
end

---@param lines string[]
---@param lang 'en'|'zh'
local function add_options(lines, lang)
  local words = WORDS[lang]
  add(lines, words.options, '')
  vim.list_extend(lines, {
    '>lua',
    "    vim.g.ksext = { lang = 'zh', settings = { size = { limit = 900000 } } }",
    '<',
  })
  for _, option in ipairs(config.OPTIONS) do
    vim.list_extend(lines, { '', tagged(option[1], 'ksext.' .. option[1]) })
    add(lines, option[lang], '    ')
    if option.default ~= nil then
      local default = vim.inspect(option.default, { newline = ' ', indent = '' })
      add(lines, ('%s: `%s`'):format(words.default, default), '    ')
    end
  end
end

---@param lines string[]
---@param lang 'en'|'zh'
local function add_settings(lines, lang)
  local words = WORDS[lang]
  add(lines, words.settings, '')
  for _, setting in ipairs(reference.settings) do
    vim.list_extend(lines, { '', tagged(setting.key, 'ksext-setting-' .. setting.key) })
    add(lines, setting.summary[lang], '    ')
    local value = ('%s: %s'):format(words.value, vim.trim(setting.value[lang]))
    add(lines, ('%s. %s: %s'):format(value, words.default, setting.default[lang]), '    ')
  end
end

--- The whole help in one language.
---@param lang 'en'|'zh'
---@return string
local function help(lang)
  local words = WORDS[lang]
  local lines = { words.title, '', words.contents, '' }
  for index, title in ipairs(words.sections) do
    local left = ('  %d. %s'):format(index, title)
    local gap = 40 - vim.fn.strdisplaywidth(left)
    lines[#lines + 1] = ('%s%s|%s|'):format(left, (' '):rep(gap), TAGS[index])
  end
  section(lines, words, 1)
  for index, paragraph in ipairs(words.introduction) do
    vim.list_extend(lines, index > 1 and { '' } or {})
    add(lines, paragraph, '')
  end
  section(lines, words, 2)
  for index, paragraph in ipairs(words.installation) do
    vim.list_extend(lines, index > 1 and { '' } or {})
    add(lines, paragraph, '')
  end
  section(lines, words, 3)
  add_commands(lines, lang)
  section(lines, words, 4)
  add_options(lines, lang)
  section(lines, words, 5)
  add_settings(lines, lang)
  section(lines, words, 6)
  add(lines, words.status[1], '')
  vim.list_extend(lines, {
    '>lua',
    [[    vim.o.statusline = "%f %m%=%{v:lua.require'ksext'.status()} %l:%c"]],
    '<',
  })
  add(lines, words.status[2], '')
  section(lines, words, 7)
  add(lines, words.highlights, '')
  lines[#lines + 1] = ''
  for group, link in vim.spairs(require('ksext.view').HIGHLIGHTS) do
    lines[#lines + 1] = ('    %-18s %s'):format(group, link)
  end
  section(lines, words, 8)
  add(lines, words.health, '')
  vim.list_extend(lines, { '', 'vim:tw=78:ts=8:noet:ft=help:norl:' })
  return table.concat(lines, '\n') .. '\n'
end

--- The options as a type of lua-language-server.
---@return string
local function types()
  local lines = {
    '---@meta',
    '-- Written by scripts/vimdoc.lua from the list in config.lua.',
    '',
    '--- What `vim.g.ksext` holds.',
    '---@class ksext.Options',
  }
  for _, option in ipairs(config.OPTIONS) do
    local kind = option.kind or option.type
    lines[#lines + 1] = ('---@field %s? %s %s'):format(option[1], kind, option.en)
  end
  return table.concat(lines, '\n') .. '\n'
end

local is_check, stale = arg[1] == '--check', {}
for name, text in pairs({
  ['doc/ksext.txt'] = help('en'),
  ['doc/ksext.cnx'] = help('zh'),
  ['lua/ksext/options.lua'] = types(),
}) do
  local path = vim.fs.joinpath(root, name)
  local file = io.open(path)
  local present = file and file:read('*a'):gsub('\r\n', '\n') or ''
  if file then
    file:close()
  end
  if is_check and present ~= text then
    stale[#stale + 1] = name
  elseif not is_check then
    file = assert(io.open(path, 'w'))
    file:write(text)
    file:close()
  end
end
if #stale > 0 then
  io.stderr:write('stale: ', table.concat(stale, ', '), '; run `cargo xtask gen`\n')
  os.exit(1)
end

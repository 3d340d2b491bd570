--- THE list of user commands: what each is called, takes and does. The help is written from it.

local client_of = require('ksext.client')
local config = require('ksext.config')
local l10n = require('ksext.l10n')
local run = require('ksext.run')

local M = {}

--- What a command is called with.
---@class ksext.Call
---@field client vim.lsp.Client absent where a command needs none
---@field bufnr integer
---@field uri string what the server calls the package
---@field words string[] the arguments
---@field bang boolean

---@class ksext.Command
---@field name string
---@field usage? string its arguments
---@field server? string the command of the language server whose title and summary it has
---@field en? string what it does, or what there is to say beside the server's summary
---@field zh? string
---@field anywhere? boolean whether it is there without a package, and needs no language server
---@field alone? boolean whether it needs no language server all the same
---@field complete? fun(lead: string): string[]
---@field run fun(call: ksext.Call)

--- The server that a key is asked for, in words.
---@param address string?
local function server_name(address)
  return address or config.setting('server') or vim.env.KSEXT_SERVER or 'KubeSphere Cloud'
end

--- Asks for a key and hands it to the server.
---@param call ksext.Call
local function login(call)
  if vim.startswith(call.words[1] or '', 'kck-') then
    vim.fn.histdel('cmd', 'KsextLogin.*kck-')
    return client_of.tell(l10n.text('key_in_command'), vim.log.levels.ERROR)
  end
  local argument = { server = call.words[1] }
  local options = { bufnr = call.bufnr }
  if not call.bang then
    argument.token = require('ksext.ask').key(server_name(call.words[1]))
    if not argument.token then
      return client_of.tell(l10n.text('no_key'))
    end
    options.secret = true
  end
  run.execute(call.client, 'ksext.login', argument, options)
end

--- Runs a command of the server about the account.
---@param id string
local function about_the_account(id)
  return function(call)
    run.execute(call.client, id, {}, { bufnr = call.bufnr })
  end
end

--- Runs a command of the server about the package.
---@param id string
local function about_the_package(id)
  return function(call)
    run.execute(call.client, id, { uri = call.uri }, { bufnr = call.bufnr })
  end
end

---@param call ksext.Call
local function push(call)
  local draft = call.bang or call.words[1] == 'draft'
  local argument = { uri = call.uri, submit = not draft }
  run.execute(call.client, 'ksext.push', argument, { bufnr = call.bufnr })
end

--- Runs the program and hands over what it prints.
---@param arguments string[]
---@param on_output fun(output: string)
local function run_program(arguments, on_output)
  local missing = client_of.missing_program()
  if missing then
    return client_of.tell(l10n.text('install', missing), vim.log.levels.ERROR)
  end
  local command = vim.list_extend({ config.program(), '--lang', l10n.lang() }, arguments)
  local started, why = pcall(vim.system, command, { text = true }, function(ended)
    vim.schedule(function()
      if ended.code ~= 0 then
        local words = vim.trim(ended.stderr ~= '' and ended.stderr or ended.stdout)
        return client_of.tell(words, vim.log.levels.ERROR)
      end
      on_output(ended.stdout)
    end)
  end)
  if not started then
    local words = l10n.text('cannot_run', command[1], why)
    client_of.tell(words, vim.log.levels.ERROR)
  end
end

--- Makes a package and opens its manifest.
---@param call ksext.Call
local function new(call)
  local function make(name)
    if not name or vim.trim(name) == '' then
      return
    end
    local folder = vim.fs.abspath(call.words[2] or '.')
    local arguments = { 'new', '--output', folder, '--format', 'json', '--', vim.trim(name) }
    run_program(arguments, function(output)
      local read, made = pcall(vim.json.decode, output)
      if not read then
        -- Another program of this name.
        local words = l10n.text('cannot_run', config.program(), vim.trim(output))
        return client_of.tell(words, vim.log.levels.ERROR)
      end
      require('ksext.view').edit_here(vim.fs.joinpath(made.path, 'extension.yaml'))
    end)
  end
  if call.words[1] then
    return make(call.words[1])
  end
  vim.ui.input({ prompt = l10n.text('new_name') }, make)
end

--- Runs a local cloud in a terminal below.
---@param call ksext.Call
local function sandbox(call)
  local missing = client_of.missing_program()
  if missing then
    return client_of.tell(l10n.text('install', missing), vim.log.levels.ERROR)
  end
  vim.cmd('botright 10new')
  local command = { config.program(), '--lang', l10n.lang(), 'sandbox' }
  vim.fn.jobstart(vim.list_extend(command, call.words), { term = true })
  vim.cmd.wincmd('p')
  client_of.tell(l10n.text('sandbox_hint'))
end

--- The rule of the finding of ours at the cursor.
local function rule_at_cursor()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local found = vim.iter(vim.diagnostic.get(0, { lnum = line })):find(function(diagnostic)
    return diagnostic.source == 'ksext'
  end)
  return found and found.code
end

--- Shows the page of a rule.
---@param call ksext.Call
local function explain(call)
  local rule = call.words[1] or rule_at_cursor()
  if not rule then
    return client_of.tell(l10n.text('which_rule'), vim.log.levels.WARN)
  end
  run_program({ 'explain', '--', rule }, function(page)
    require('ksext.view').text('rule', rule, 'markdown', page)
  end)
end

--- Stops the server and starts it again once it is gone.
local function restart()
  local clients = vim.lsp.get_clients({ name = client_of.NAME })
  vim.lsp.enable(client_of.NAME, false)
  local tries = 0
  local function start()
    local stopped = vim.iter(clients):all(function(client)
      return client:is_stopped()
    end)
    tries = tries + 1
    if not stopped and tries < 30 then
      return vim.defer_fn(start, 100)
    end
    for _, client in ipairs(clients) do
      client:stop(true)
    end
    vim.lsp.enable(client_of.NAME)
    -- Otherwise why it cannot be started is told.
    if not client_of.missing_program() then
      client_of.tell(l10n.text('restarted'))
    end
  end
  start()
end

---@param lead string
---@param words string[]
local function starting_with(lead, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

---@type ksext.Command[]
M.COMMANDS = {
  {
    name = 'KsextLogin',
    usage = '[server]',
    bang = true,
    server = 'ksext.login',
    en = 'The key is typed unseen and stands in no log and no history. With `!`, a page on this machine asks for it in the browser.',
    zh = '输入密钥时不回显，也不会留在日志或历史记录中。加 `!` 时在浏览器中打开本机的登录页面。',
    run = login,
  },
  {
    name = 'KsextLogout',
    server = 'ksext.logout',
    run = about_the_account('ksext.logout'),
  },
  {
    name = 'KsextWhoami',
    server = 'ksext.whoami',
    run = about_the_account('ksext.whoami'),
  },
  {
    name = 'KsextPush',
    usage = '[draft]',
    bang = true,
    server = 'ksext.push',
    en = 'It asks first, with all that will be sent. With `!` or `draft`, the version is left as a draft.',
    zh = '推送前会列出将发送的内容并询问。加 `!` 或 `draft` 时仅保存为草稿，不提交审核。',
    complete = function(lead)
      return starting_with(lead, { 'draft' })
    end,
    run = push,
  },
  { name = 'KsextSubmit', server = 'ksext.submit', run = about_the_package('ksext.submit') },
  { name = 'KsextWithdraw', server = 'ksext.unpush', run = about_the_package('ksext.unpush') },
  {
    name = 'KsextStatus',
    usage = '[name]',
    server = 'ksext.status',
    en = 'In a buffer; `s` submits the version under the cursor, `w` withdraws it, `o` opens the package.',
    zh = '显示在缓冲区中；`s` 提交光标处的版本，`w` 撤回，`o` 打开扩展组件包。',
    run = function(call)
      require('ksext.review').open(call.client, call.uri, call.words[1])
    end,
  },
  {
    name = 'KsextList',
    server = 'ksext.list',
    en = 'In a buffer; `<CR>` shows the versions of an extension, `s` and `w` submit and withdraw one, `o` opens the package in the workspace.',
    zh = '显示在缓冲区中；`<CR>` 显示扩展组件的版本，`s` 提交，`w` 撤回，`o` 打开工作区中的扩展组件包。',
    run = function(call)
      require('ksext.review').open_list(call.client, call.uri)
    end,
  },
  {
    name = 'KsextSize',
    server = 'ksext.size',
    en = 'In a buffer that follows what is typed; `<CR>` opens a file.',
    zh = '显示在随编辑更新的缓冲区中；`<CR>` 打开文件。',
    run = function(call)
      require('ksext.size').open(call.client, call.uri)
    end,
  },
  {
    name = 'KsextPreview',
    server = 'ksext.preview',
    en = 'In a buffer that follows what is typed; `<CR>` opens a file, or the text as push writes it.',
    zh = '显示在随编辑更新的缓冲区中；`<CR>` 打开文件或推送改写后的文本。',
    run = function(call)
      require('ksext.preview').open(call.client, call.uri)
    end,
  },
  {
    name = 'KsextMarketplace',
    server = 'ksext.marketplace',
    en = 'In a Markdown buffer that follows what is typed; `<CR>` opens a picture.',
    zh = '显示在随编辑更新的 Markdown 缓冲区中；`<CR>` 打开图片。',
    run = function(call)
      require('ksext.marketplace').open(call.client, call.uri)
    end,
  },
  {
    name = 'KsextDiff',
    usage = '[version]',
    server = 'ksext.diff',
    run = function(call)
      require('ksext.preview').open_diff(call.client, call.uri, call.words[1])
    end,
  },
  {
    name = 'KsextPackage',
    usage = '[folder]',
    server = 'ksext.package',
    en = 'The archive goes beside the package, or into the folder.',
    zh = '打包文件写在扩展组件包旁边，或写入指定的目录。',
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'dir')
    end,
    run = function(call)
      local folder = call.words[1]
      local directory = folder and vim.uri_from_fname(vim.fs.abspath(folder))
      local argument = { uri = call.uri, directory = directory }
      run.execute(call.client, 'ksext.package', argument, { bufnr = call.bufnr })
    end,
  },
  {
    name = 'KsextLens',
    en = 'Runs the lens in the line of the cursor: size, login, push, review status.',
    zh = '执行光标所在行的 CodeLens：大小、登录、推送、审核状态。',
    run = function()
      vim.lsp.codelens.run()
    end,
  },
  {
    name = 'KsextCancel',
    alone = true,
    en = 'Stops the command that is running, and tells what stands on the server by then.',
    zh = '停止正在运行的命令，并说明服务器上的现状。',
    run = function()
      run.cancel()
    end,
  },
  {
    name = 'KsextRestart',
    alone = true,
    en = 'Stops the language server and starts it anew, with the options as they are now.',
    zh = '停止并以当前选项重新启动语言服务器。',
    run = restart,
  },
  {
    name = 'KsextNew',
    usage = '[name] [folder]',
    server = 'ksext.new',
    anywhere = true,
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'dir')
    end,
    run = new,
  },
  {
    name = 'KsextSandbox',
    usage = '[arguments]',
    anywhere = true,
    en = 'Runs a local KubeSphere Cloud to try things on, in a terminal. The arguments are those of `ksext sandbox`.',
    zh = '在终端中运行本地的 KubeSphere Cloud，供试用。参数与 `ksext sandbox` 相同。',
    run = sandbox,
  },
  {
    name = 'KsextExplain',
    usage = '[rule]',
    anywhere = true,
    en = 'Shows the page of a rule: why, how to fix it, where the facts come from. Without a name, that of the finding at the cursor.',
    zh = '显示规则的说明：原因、修复方法和依据。不指定规则时，显示光标处问题的规则。',
    complete = function(lead)
      return starting_with(lead, require('ksext.reference').rules)
    end,
    run = explain,
  },
  {
    name = 'KsextLog',
    anywhere = true,
    en = 'Opens the log of all language servers.',
    zh = '打开语言服务器的日志。',
    run = function()
      local path = require('vim.lsp.log').get_filename()
      vim.cmd.split(vim.fn.fnameescape(path))
    end,
  },
}

--- The command with this name.
---@param name string
---@return ksext.Command
local function find(name)
  return assert(
    vim.iter(M.COMMANDS):find(function(command)
      return command.name == name
    end),
    name
  )
end

--- What a command does, for people: what the server says of it, and what there is to say beside it.
---@param command ksext.Command
---@param lang 'en'|'zh'
---@return string
function M.help(command, lang)
  local server = command.server and require('ksext.reference').commands[command.server]
  local words = { server and server.summary[lang], command[lang] }
  return vim
    .iter({ words[1] or false, words[2] or false })
    :filter(function(text)
      return text
    end)
    :join(lang == 'en' and ' ' or '')
end

--- Runs a user command in the current buffer.
---@param name string
---@param given vim.api.keyset.create_user_command.command_args
function M.run(name, given)
  local command = find(name)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = client_of.of(bufnr)
  if not client and not command.anywhere and not command.alone then
    return client_of.tell(l10n.text('not_running'), vim.log.levels.WARN)
  end
  command.run({
    client = client --[[@as vim.lsp.Client]],
    bufnr = bufnr,
    uri = client_of.uri_of(bufnr),
    words = given.fargs,
    bang = given.bang,
  })
end

--- Completes the argument of a user command.
---@param name string
---@param lead string
---@return string[]
function M.complete(name, lead)
  local complete = find(name).complete
  return complete and complete(lead) or {}
end

--- Runs what a lens or a code action names: the user command for it, about the package that it names.
---@param id string
---@param command lsp.Command
---@param context { client_id: integer, bufnr: integer }
function M.run_for_server(id, command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local argument = vim.deepcopy(command.arguments and command.arguments[1] or {})
  argument.background = nil
  local bufnr = context.bufnr or vim.api.nvim_get_current_buf()
  local own = vim.iter(M.COMMANDS):find(function(own)
    return own.server == id
  end)
  local is_plain = vim.tbl_isempty(argument) or vim.deep_equal(argument, { uri = argument.uri })
  if own and is_plain then
    local uri = argument.uri or vim.uri_from_bufnr(bufnr)
    return own.run({ client = client, bufnr = bufnr, uri = uri, words = {}, bang = false })
  end
  run.execute(client, id, argument, { bufnr = bufnr })
end

--- Gives a buffer the commands that need the language server.
---@param bufnr integer
function M.define(bufnr)
  for _, command in ipairs(M.COMMANDS) do
    if not command.anywhere then
      vim.api.nvim_buf_create_user_command(bufnr, command.name, function(given)
        M.run(command.name, given)
      end, {
        nargs = '*',
        bang = command.bang or false,
        desc = M.help(command, l10n.lang()),
        complete = function(lead)
          return M.complete(command.name, lead)
        end,
      })
    end
  end
end

return M

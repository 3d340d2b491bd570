--- The language server from Neovim's side: how it is started, for which files, what it is told of us,
--- and what we do when it asks.

local ask = require('ksext.ask')
local config = require('ksext.config')
local l10n = require('ksext.l10n')

local M = {}

--- The name of the configuration, and so of every client.
M.NAME = 'ksext'

--- Tokens of progress that nobody is to see begin with this.
M.QUIET = 'ksext.nvim.quiet/'

--- What Neovim says of a failed command, without the places in Lua code before it.
---@param why any
---@return string
function M.reason(why)
  why = tostring(why)
  return why:match('E%d+: .*') or why
end

--- Tells the user something.
---@param message string
---@param level? integer of `vim.log.levels`
function M.tell(message, level)
  vim.notify(message, level or vim.log.levels.INFO, { title = 'ksext' })
end

--- Why the program cannot be run, if it cannot: it is not there, or no program.
---@return string?
function M.missing_program()
  local program = config.program()
  if vim.fn.executable(program) == 1 then
    return nil
  end
  local is_there = program:find('/', 1, true) and vim.uv.fs_stat(program)
  return l10n.text(is_there and 'not_executable' or 'no_program', program)
end

--- Starts the server. A function, because Neovim logs an error for every YAML file if it is a program
--- that is not installed.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@param client? vim.lsp.ClientConfig
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers, client)
  local missing = M.missing_program()
  if missing then
    error(l10n.text('not_started', l10n.text('install', missing)), 0)
  end
  client = client or {}
  return vim.lsp.rpc.start(config.get().cmd, dispatchers, {
    cwd = client.cmd_cwd,
    env = client.cmd_env,
    detached = client.detached,
  })
end

--- The folder of a server that runs already and holds `path`, else the repository, else the package:
--- one server for all packages.
---@param path string
---@param package string the package's folder
local function root_of(path, package)
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    if client.root_dir and vim.fs.relpath(client.root_dir, path) then
      return client.root_dir
    end
  end
  return vim.fs.root(package, '.git') or package
end

--- Neovim's question whether a buffer is ours. Of one that is not yet, such as an empty file, it is
--- answered when it has become so.
---@param bufnr integer
---@param on_dir fun(root: string)
function M.root_dir(bufnr, on_dir)
  local names = require('ksext.names')
  local path = names.path_of(bufnr)
  if not names.concerns(path) then
    return
  end
  local function start_if_ours()
    local whose, manifest = require('ksext.manifest').recognize_buffer(bufnr)
    if whose == 'ours' then
      -- Also where the server cannot be started: they tell of it, and one tries again.
      require('ksext.commands').define(bufnr)
      on_dir(root_of(path, vim.fs.dirname(manifest or path)))
    end
    return whose == 'ours'
  end
  if start_if_ours() or vim.fs.basename(path) ~= names.MANIFEST then
    return
  end
  vim.api.nvim_create_autocmd({ 'TextChanged', 'InsertLeave', 'BufWritePost' }, {
    group = vim.api.nvim_create_augroup('ksext.unknown.' .. bufnr, {}),
    buffer = bufnr,
    desc = 'ksext: look again whether this is a manifest of KubeSphere',
    callback = function()
      return vim.lsp.is_enabled(M.NAME) and start_if_ours()
    end,
  })
end

--- Tells the server the user's language and settings before anything else.
---@param params lsp.InitializeParams
---@param client vim.lsp.ClientConfig
function M.before_init(params, client)
  params.locale = l10n.lang() == 'zh' and 'zh-CN' or 'en'
  params.initializationOptions = vim.tbl_get(client, 'settings', 'ksext') or vim.empty_dict()
end

--- What Neovim does not announce by itself, or not before 0.12.
---@return table
function M.capabilities()
  local own = vim.lsp.protocol.make_client_capabilities()
  local asks_again = vim.tbl_get(own, 'workspace', 'diagnostics', 'refreshSupport')
  return {
    -- Before 0.12, Neovim asks for findings, and not again when a file beside the manifest has changed.
    -- A server that need not be asked tells.
    textDocument = not asks_again and { diagnostic = vim.NIL } or nil,
    workspace = {
      codeLens = { refreshSupport = true },
      -- It makes such edits, files that are renamed among them.
      workspaceEdit = { documentChanges = true },
    },
    experimental = { ksext = { longCommands = true, packageStatus = true } },
  }
end

---@type table<string, lsp.Handler>
M.handlers = {
  ['$/progress'] = function(failure, params, context)
    if not vim.startswith(tostring(params.token), M.QUIET) then
      return vim.lsp.handlers['$/progress'](failure, params, context)
    end
  end,
  ['window/showMessage'] = function(_, params)
    local levels = { vim.log.levels.ERROR, vim.log.levels.WARN }
    M.tell(params.message, levels[params.type])
  end,
  ['window/showMessageRequest'] = function(_, params)
    return ask.choose(params)
  end,
  ['ksext/didChangePackageStatus'] = function(_, _, context)
    require('ksext.status').refresh_all(context.client_id)
  end,
}

if not vim.lsp.codelens.enable then
  -- Neovim answers this by itself since 0.12.
  M.handlers['workspace/codeLens/refresh'] = function(_, _, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    require('ksext.buffer').refresh_lenses(client)
    return vim.NIL
  end
end

--- What lenses and code actions run on our side: the same as the user's commands.
---@return table<string, fun(command: lsp.Command, context: table)>
function M.commands()
  local commands = {}
  for id in pairs(require('ksext.reference').commands) do
    commands[id] = function(command, context)
      require('ksext.commands').run_for_server(id, command, context)
    end
  end
  return commands
end

--- The client that answers for a buffer: the one attached to it, else the one of whose package the
--- buffer shows something, else any.
---@param bufnr integer
---@return vim.lsp.Client?
function M.of(bufnr)
  local shown = vim.b[bufnr].ksext
  return vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr })[1]
    or shown and vim.lsp.get_client_by_id(shown.client_id)
    or vim.lsp.get_clients({ name = M.NAME })[1]
end

--- What the server calls the package that a buffer is of, or shows something of.
---@param bufnr integer
---@return string uri
function M.uri_of(bufnr)
  local shown = vim.b[bufnr].ksext
  return shown and shown.uri or vim.uri_from_bufnr(bufnr)
end

return M

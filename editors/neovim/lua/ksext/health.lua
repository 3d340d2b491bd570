--- `:checkhealth ksext`.

local client_of = require('ksext.client')
local config = require('ksext.config')
local l10n = require('ksext.l10n')
local text = l10n.text

local health = vim.health

local M = {}

--- The oldest program that has all that the plugin asks for.
M.MINIMUM = '0.1.0'

--- How long the program may take, in milliseconds: for its version, and for all that it looks at.
local VERSION_PATIENCE, DOCTOR_PATIENCE = 2000, 10000

--- Servers that look at any YAML file.
local YAML_SERVERS = { yamlls = true, ['yaml-language-server'] = true, ['yaml_ls'] = true }

local function check_neovim()
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok(text('health_neovim', version))
  else
    health.error(text('health_neovim_old', version))
  end
end

local function check_options()
  health.start('ksext: ' .. text('health_options'))
  local _, why = config.given()
  if why then
    return health.warn(text('health_not_options', why))
  end
  local problems = config.problems()
  for _, problem in ipairs(problems) do
    if problem.type then
      health.warn(text('health_option_type', problem.name, problem.type))
    else
      health.warn(text('health_no_option', problem.name))
    end
  end
  if #problems == 0 then
    health.ok(text('health_options_ok'))
  end
end

--- Runs the program; nil if it does not end in time.
---@param arguments string[]
---@param patience integer milliseconds
---@return string? output
---@return string? why there is none
local function run(arguments, patience)
  local command = vim.list_extend({ config.program(), '--lang', l10n.lang() }, arguments)
  local server = config.setting('server')
  local started, process = pcall(vim.system, command, {
    text = true,
    timeout = patience,
    env = server and { KSEXT_SERVER = server } or nil,
  })
  if not started then
    return nil, tostring(process)
  end
  local ended = process:wait()
  if ended.signal ~= 0 or ended.code == 124 then
    return nil, text('gave_up')
  end
  return ended.stdout ~= '' and ended.stdout or nil, ended.stderr
end

--- Whether there is a program to ask more.
local function check_program()
  health.start('ksext: ' .. text('health_program'))
  local program = config.program()
  local missing = client_of.missing_program()
  if missing then
    health.error(missing, { text('health_no_program_advice') })
    return false
  end
  local path = vim.fn.exepath(program)
  local output, why = run({ '--version' }, VERSION_PATIENCE)
  local version = output and vim.version.parse(output:match('%d+%.%d+%.%d+%S*') or '')
  if not version then
    health.error(text('health_unknown', path, vim.trim(output or why or '')))
    return false
  end
  if vim.version.lt(version, M.MINIMUM) then
    health.error(text('health_old', tostring(version), M.MINIMUM))
  else
    health.ok(text('health_found', tostring(version), path))
  end
  return true
end

--- What the program finds out about itself, the network and the login.
local function check_doctor()
  health.start('ksext: ' .. text('health_doctor'))
  local output = run({ 'doctor', '--format', 'json' }, DOCTOR_PATIENCE)
  if not output then
    health.warn(text('health_no_answer', DOCTOR_PATIENCE / 1000))
    output = run({ 'doctor', '--offline', '--format', 'json' }, DOCTOR_PATIENCE)
  end
  local read, answer = pcall(vim.json.decode, output or '')
  if not read then
    return health.error(text('cannot_run', 'ksext doctor', tostring(answer)))
  end
  local report = { ok = health.ok, warn = health.warn, fail = health.error }
  for _, check in ipairs(answer.checks) do
    local advice = check.hint and { check.hint } or nil
    report[check.state](check.message, advice)
  end
end

--- Other servers that look at the buffers of ours.
---@param client vim.lsp.Client
local function check_clashes(client)
  local told = config.setting('diagnostics.otherYamlServer') == true
  for bufnr in pairs(client.attached_buffers) do
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr })) do
      local file = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':~:.')
      if YAML_SERVERS[other.name] and told then
        health.ok(text('health_clash_told', other.name, file))
      elseif YAML_SERVERS[other.name] then
        health.warn(text('health_clash', other.name, file), { text('health_clash_advice') })
      end
    end
  end
end

local function check_clients()
  health.start('ksext: ' .. text('health_clients'))
  local clients = vim.lsp.get_clients({ name = client_of.NAME })
  if #clients == 0 then
    local may_start = config.get().enable or vim.lsp.is_enabled(client_of.NAME)
    health.info(text(may_start and 'health_no_client' or 'health_disabled'))
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    local info = client.server_info or {}
    local server = ('%s %s'):format(info.name or client.name, info.version or '')
    health.ok(text('health_client', client.root_dir or '?', buffers, vim.trim(server)))
    check_clashes(client)
  end
end

--- Looks at everything.
function M.check()
  health.start('ksext')
  check_neovim()
  check_options()
  if check_program() then
    check_doctor()
  end
  check_clients()
end

return M

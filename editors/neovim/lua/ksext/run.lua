--- Runs commands of the language server, tells how far they are, and stops them.

local client_of = require('ksext.client')
local config = require('ksext.config')
local l10n = require('ksext.l10n')

local M = {}

---@class ksext.Running
---@field client vim.lsp.Client
---@field title string
---@field message? string what it does now
---@field percentage? integer
---@field said? string how it has ended

--- Commands that have not ended, by the token of their progress.
---@type table<string, ksext.Running>
local running = {}

local last_token = 0

--- Sends a request and keeps it out of Neovim's log: it holds a key.
---@param send fun()
local function unlogged(send)
  local log = require('vim.lsp.log')
  local level = log.get_level()
  log.set_level(vim.log.levels.OFF)
  local sent, why = pcall(send)
  log.set_level(level)
  if not sent then
    error(why, 0)
  end
end

--- An answer without JSON's null, which is `vim.NIL` since Neovim 0.12 and nothing before.
---@generic T
---@param value T
---@return T?
function M.without_null(value)
  if value == vim.NIL then
    return nil
  elseif type(value) == 'table' then
    for key, inner in pairs(value) do
      value[key] = M.without_null(inner)
    end
  end
  return value
end

--- Whether we show progress; Neovim does by itself since 0.12.
local function shows_progress()
  return config.get().progress and vim.fn.has('nvim-0.12') == 0
end

--- Shows no progress any more.
local function clear()
  if shows_progress() then
    vim.api.nvim_echo({ { '' } }, false, {})
  end
end

--- Shows the progress of a command below the windows.
---@param command ksext.Running
local function show(command)
  if not shows_progress() then
    return
  end
  local words = command.title
  if command.message then
    words = ('%s: %s'):format(words, command.message)
  end
  if command.percentage then
    words = ('%s %d %%'):format(words, command.percentage)
  end
  -- One line, or Neovim waits for <Enter>.
  local line = vim.fn.printf('%.*S', vim.o.columns - 12, words)
  vim.api.nvim_echo({ { line } }, false, {})
end

vim.api.nvim_create_autocmd('LspProgress', {
  group = vim.api.nvim_create_augroup('ksext.progress', {}),
  desc = 'ksext: how far a command is',
  callback = function(event)
    local params = event.data.params
    local command = running[params.token]
    if not command then
      return
    end
    local value = params.value
    if value.kind == 'end' then
      command.said = value.message
      return clear()
    end
    command.message = value.message or command.message
    command.percentage = value.percentage or command.percentage
    show(command)
    require('ksext.status').changed()
  end,
})

vim.api.nvim_create_autocmd('LspDetach', {
  group = vim.api.nvim_create_augroup('ksext.ended', {}),
  desc = 'ksext: nothing runs on a server that has ended',
  callback = function()
    for token, command in pairs(running) do
      if command.client:is_stopped() then
        running[token] = nil
      end
    end
  end,
})

--- What a buffer shows may have changed: lenses are asked for anew.
local function refresh()
  for _, client in ipairs(vim.lsp.get_clients({ name = client_of.NAME })) do
    require('ksext.buffer').refresh_lenses(client)
    require('ksext.status').refresh_all(client.id)
  end
end

--- Tells of a command that failed, or was stopped.
---@param failure lsp.ResponseError
local function tell_failure(failure)
  local kind = type(failure.data) == 'table' and failure.data.kind
  local level = kind == 'cancelled' and vim.log.levels.INFO or vim.log.levels.ERROR
  client_of.tell(failure.message, level)
end

---@class ksext.Execute
---@field bufnr? integer the buffer that it is about
---@field secret? boolean whether the argument holds what must not be logged
---@field quiet? boolean whether what was done goes without saying

--- Runs a command of the server. What was done is told, unless `options.quiet`; so is a failure.
---@param client vim.lsp.Client
---@param id string such as `ksext.push`
---@param argument table its one argument
---@param options ksext.Execute
---@param on_done? fun(answer: table) called if it has done its work
function M.execute(client, id, argument, options, on_done)
  last_token = last_token + 1
  local token = ('ksext.nvim/%d'):format(last_token)
  local command = require('ksext.reference').commands[id]
  running[token] = { client = client, title = command and l10n.pick(command.title) or id }
  if vim.tbl_isempty(argument) then
    argument = vim.empty_dict()
  end
  local params = { command = id, arguments = { argument }, workDoneToken = token }
  local is_sent
  local function send()
    is_sent = client:request('workspace/executeCommand', params, function(failure, answer)
      local ended = running[token]
      running[token] = nil
      refresh()
      if failure then
        return tell_failure(failure)
      end
      if not options.quiet and ended.said then
        client_of.tell(ended.said)
      end
      if on_done then
        on_done(M.without_null(answer))
      end
    end, options.bufnr or 0)
  end
  if options.secret then
    unlogged(send)
    -- The request is written; nothing else needs to remember it.
    argument.token = nil
  else
    send()
  end
  if not is_sent then
    running[token] = nil
    return client_of.tell(l10n.text('not_running'), vim.log.levels.WARN)
  end
  refresh()
end

--- Asks for an answer that is shown as it is: without progress, and without a word of its end.
---@param client vim.lsp.Client
---@param id string
---@param argument table
---@param on_answer fun(failure: lsp.ResponseError?, answer: table)
function M.ask(client, id, argument, on_answer)
  last_token = last_token + 1
  local params = {
    command = id,
    arguments = { vim.tbl_isempty(argument) and vim.empty_dict() or argument },
    workDoneToken = client_of.QUIET .. last_token,
  }
  local is_sent = client:request('workspace/executeCommand', params, function(failure, answer)
    on_answer(failure, M.without_null(answer))
  end, 0)
  if not is_sent then
    on_answer({ code = 0, message = l10n.text('not_running') }, {})
  end
end

--- How far the command is that was started last, for the status line.
---@return string?
function M.progress()
  local token = vim.iter(vim.tbl_keys(running)):fold(nil, function(last, token)
    return (not last or #token > #last or #token == #last and token > last) and token or last
  end)
  local command = token and running[token]
  if not command then
    return nil
  end
  local percentage = command.percentage and (' %d %%'):format(command.percentage) or ''
  return command.title .. percentage
end

--- Asks the server to stop a command. It ends by itself and tells what stands by then.
---@param token string
local function cancel(token)
  running[token].client:notify('window/workDoneProgress/cancel', { token = token })
end

--- Stops the command that runs; the one that the user chooses, if there are several.
function M.cancel()
  local tokens = vim.tbl_keys(running)
  if #tokens == 0 then
    return client_of.tell(l10n.text('nothing_runs'))
  elseif #tokens == 1 then
    return cancel(tokens[1])
  end
  table.sort(tokens)
  vim.ui.select(tokens, {
    prompt = l10n.text('cancel_which'),
    format_item = function(token)
      return running[token] and running[token].title or token
    end,
  }, function(token)
    if token and running[token] then
      cancel(token)
    end
  end)
end

return M

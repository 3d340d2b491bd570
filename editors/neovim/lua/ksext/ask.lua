--- Questions to the person in front of Neovim.

local l10n = require('ksext.l10n')

local M = {}

--- Asks for a key without showing it; nothing keeps what is typed.
---@param server string the words for where the key is of
---@return string? key nil if there was none
function M.key(server)
  local asked, key = pcall(vim.fn.inputsecret, l10n.text('key', server))
  -- The masked line would stay on the screen.
  vim.cmd.redraw()
  key = asked and vim.trim(key) or ''
  return key ~= '' and key or nil
end

--- Shows lines above the command line until the answered function is called.
---@param lines string[]
---@param below integer how many lines the question below them needs
---@return fun() close
local function show_details(lines, below)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  local width = 20
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  local room = vim.o.lines - vim.o.cmdheight - 2
  local height = math.max(1, math.min(#lines, room - 2 - below))
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'editor',
    row = room - height - 2,
    col = 1,
    width = math.min(width, vim.o.columns - 4),
    height = height,
    style = 'minimal',
    border = 'rounded',
    focusable = false,
    zindex = 200,
  })
  vim.wo[window].wrap = true
  vim.cmd.redraw()
  return function()
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_win_close(window, true)
    end
  end
end

--- Answers a question of the server's with the button that the user chooses. The first line is the
--- question, the rest says what it is about and is shown beside the choice.
---@param params lsp.ShowMessageRequestParams
---@return lsp.MessageActionItem|vim.NIL
function M.choose(params)
  local lines = vim.split(params.message, '\n', { trimempty = true })
  local actions = params.actions or {}
  local details = vim.list_slice(lines, 2)
  local close = #details > 0 and show_details(details, #actions + 2) or function() end
  local running = coroutine.running()
  vim.ui.select(actions, {
    kind = 'ksext',
    prompt = lines[1] or '',
    format_item = function(action)
      return action.title
    end,
  }, function(action)
    close()
    -- Scheduled, so that the default select, which answers at once, finds the coroutine asleep.
    vim.schedule(function()
      coroutine.resume(running, action or vim.NIL)
    end)
  end)
  return coroutine.yield()
end

return M

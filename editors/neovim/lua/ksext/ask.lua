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

--- Shows lines above a question until the answered function is called.
---@param lines string[]
---@param below integer how many lines the question takes at the bottom of the screen
---@return fun() close
local function show_details(lines, below)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  local widths = vim.tbl_map(vim.fn.strdisplaywidth, lines)
  local width = math.max(1, math.min(math.max(20, unpack(widths)), vim.o.columns - 4))
  local height = 0
  for _, cells in ipairs(widths) do
    height = height + math.max(1, math.ceil(cells / width))
  end
  -- Two lines more for the border.
  height = math.max(1, math.min(height, vim.o.lines - below - 2))
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'editor',
    row = vim.o.lines - below - height - 2,
    col = 1,
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    focusable = false,
    zindex = 200,
  })
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
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
  -- Neovim's own choice shows the question, a line for each button, and one to type into.
  local question = math.ceil(vim.fn.strdisplaywidth(lines[1] or '') / vim.o.columns)
  local below = question + #actions + 1
  local close = #details > 0 and show_details(details, below) or function() end
  local running = coroutine.running()
  local is_answered = false
  local function answer(action)
    if is_answered then
      return
    end
    is_answered = true
    close()
    -- Scheduled, so that the default select, which answers at once, finds the coroutine asleep.
    vim.schedule(function()
      coroutine.resume(running, action or vim.NIL)
    end)
  end
  -- CTRL-C is an error of the default select: no answer.
  local is_asked, why = pcall(vim.ui.select, actions, {
    kind = 'ksext',
    prompt = lines[1] or '',
    format_item = function(action)
      return action.title
    end,
  }, answer)
  if not is_asked then
    answer(nil)
    if not tostring(why):find('Keyboard interrupt', 1, true) then
      vim.notify(tostring(why), vim.log.levels.ERROR, { title = 'ksext' })
    end
  end
  return coroutine.yield()
end

return M

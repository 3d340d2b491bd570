-- The configuration of every Neovim that is tested, and what scenarios are written in.

local command = vim.env.KSEXT_E2E_CMD
vim.g.ksext = { cmd = command and vim.json.decode(command) or { vim.env.KSEXT_E2E_PROGRAM, 'lsp' } }
vim.o.swapfile = false
vim.o.shada = ''
vim.o.signcolumn = 'yes'
vim.diagnostic.config({ virtual_text = true })
if vim.env.KSEXT_E2E_LOG then
  require('vim.lsp.log').set_level(vim.env.KSEXT_E2E_LOG)
end

Driver = { report = {}, messages = {}, asked = {}, given = {} }

--- The most that is waited for anything, in milliseconds.
local PATIENCE = tonumber(vim.env.KSEXT_E2E_PATIENCE or 15000)

--- Waits until a function answers something true, and answers it.
---@generic T
---@param what string
---@param is_so fun(): T
---@return T
function Driver.wait(what, is_so)
  local found
  local waited = vim.wait(PATIENCE, function()
    found = is_so()
    return found
  end, 20)
  if not waited then
    local messages = table.concat(Driver.messages, '\n')
    error(('waited in vain for %s\nmessages:\n%s'):format(what, messages), 0)
  end
  return found
end

--- Waits until a message holds the text, and answers the message.
---@param text string
function Driver.wait_message(text)
  return Driver.wait(('a message with `%s`'):format(text), function()
    return vim.iter(Driver.messages):find(function(message)
      return message:find(text, 1, true)
    end)
  end)
end

--- Opens a file and answers its buffer.
---@param path string
function Driver.open(path)
  vim.cmd.edit(vim.fn.fnameescape(path))
  return vim.api.nvim_get_current_buf()
end

--- Waits until a file of this name is in the current window, and answers the name.
---@param name string
function Driver.wait_file(name)
  return Driver.wait(name, function()
    return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == name and name
  end)
end

--- The client of a buffer, once it is ready.
---@param bufnr integer
---@return vim.lsp.Client
function Driver.client(bufnr)
  return Driver.wait('the language server', function()
    local client = vim.lsp.get_clients({ name = 'ksext', bufnr = bufnr })[1]
    return client and client.initialized and client.attached_buffers[bufnr] and client
  end)
end

--- The lines of a buffer.
---@param bufnr? integer
function Driver.lines(bufnr)
  return vim.api.nvim_buf_get_lines(bufnr or 0, 0, -1, false)
end

--- Waits until a line of the current buffer holds the text, and answers all lines as one text.
---@param text string
function Driver.wait_line(text)
  return Driver.wait(('a line with `%s`'):format(text), function()
    local lines = table.concat(Driver.lines(), '\n')
    return lines:find(text, 1, true) and lines
  end)
end

--- The findings in a buffer by their rules: place and words.
---@param bufnr integer
function Driver.findings(bufnr)
  return vim.tbl_map(function(found)
    return {
      rule = found.code,
      severity = found.severity,
      from = { found.lnum, found.col },
      to = { found.end_lnum, found.end_col },
      message = found.message,
      source = found.source,
    }
  end, vim.diagnostic.get(bufnr))
end

--- The titles of the lenses that are shown in a buffer.
---@param bufnr integer
function Driver.lenses(bufnr)
  return vim.tbl_map(function(lens)
    return lens.command.title
  end, vim.lsp.codelens.get(bufnr))
end

--- Has every choice answered with the first item that holds the text; notes what was asked.
---@param text? string nil closes the choice without an answer
function Driver.choose(text)
  vim.ui.select = function(items, options, on_choice)
    local labels = vim.tbl_map(options.format_item or tostring, items)
    local shown = {}
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local bufnr = vim.api.nvim_win_get_buf(window)
        vim.list_extend(shown, Driver.lines(bufnr))
      end
    end
    table.insert(Driver.asked, { prompt = options.prompt, items = labels, shown = shown })
    for index, label in ipairs(labels) do
      if text and label:find(text, 1, true) then
        return on_choice(items[index], index)
      end
    end
    on_choice(nil, nil)
  end
end

--- Plays the scenario and ends Neovim: as a user would where all went well.
function Driver.play()
  Driver.given = vim.json.decode(vim.env.KSEXT_E2E_ARGUMENTS)
  vim.notify = function(message)
    table.insert(Driver.messages, message)
  end
  local played, why = xpcall(function()
    dofile(vim.env.KSEXT_E2E_SCENARIO)
  end, function(failure)
    return debug.traceback(tostring(failure))
  end)
  Driver.report.messages = Driver.messages
  Driver.report.asked = Driver.asked
  if played then
    io.stdout:write('\n@report ', vim.json.encode(Driver.report), '\n')
    return vim.cmd('qall!')
  end
  io.stdout:write('\n', why, '\n')
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop(true)
  end
  vim.cmd('cquit 1')
end

if vim.env.KSEXT_E2E_SCENARIO then
  vim.api.nvim_create_autocmd('VimEnter', { callback = vim.schedule_wrap(Driver.play) })
end

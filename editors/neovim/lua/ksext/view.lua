--- Buffers with answers: text in parts with highlights, lines that lead somewhere, and keys.

local client_of = require('ksext.client')
local config = require('ksext.config')
local l10n = require('ksext.l10n')
local run = require('ksext.run')

local M = {}

--- How long a text must rest before what is shown of its package is asked for again, in milliseconds.
local PAUSE = 200

local namespace = vim.api.nvim_create_namespace('ksext.view')

--- The highlight groups, each with what it is linked to.
M.HIGHLIGHTS = {
  KsextTitle = 'Title',
  KsextPath = 'Directory',
  KsextNumber = 'Number',
  KsextBar = 'Function',
  KsextTooLarge = 'DiagnosticError',
  KsextHint = 'Comment',
  KsextDraft = 'DiagnosticHint',
  KsextSubmitted = 'DiagnosticInfo',
  KsextActive = 'DiagnosticOk',
  KsextRejected = 'DiagnosticError',
}

for group, link in pairs(M.HIGHLIGHTS) do
  vim.api.nvim_set_hl(0, group, { link = link, default = true })
end

--- A part of a line: its text and the highlight group of it.
---@alias ksext.Part { [1]: string, [2]: string? }

--- A line: its parts, and what it leads to.
---@class ksext.Line
---@field [integer] ksext.Part
---@field target? any

--- What a buffer shows; a text alone is a line of one part.
---@alias ksext.Page (ksext.Line|string)[]

---@class ksext.View
---@field bufnr integer
---@field client vim.lsp.Client
---@field uri string what the server calls the package
---@field targets table<integer, any> by line, from 1
---@field reload fun() asks again
---@field show fun(lines: ksext.Page) shows these in place of what is there

---@class ksext.ViewOptions
---@field client vim.lsp.Client
---@field uri string
---@field filetype? string
---@field command string the server's command whose answer is shown
---@field argument? fun(): table its argument; else the package's URI
---@field render fun(answer: table, view: ksext.View): ksext.Page
---@field enter? fun(target: any, view: ksext.View) what <CR> does on a line with a target
---@field keys? table<string, fun(target: any, view: ksext.View)>
---@field live? boolean whether it follows what is typed in the package

--- Puts lines into a buffer in place of what is there.
---@param view ksext.View
---@param lines ksext.Page
local function show(view, lines)
  local texts, marks = {}, {}
  view.targets = {}
  for row, line in ipairs(lines) do
    line = type(line) == 'string' and { { line } } or line --[[@as ksext.Line]]
    local text = ''
    for _, part in ipairs(line) do
      -- Names come from strangers: no line end and no escape of theirs is obeyed.
      local piece = part[1]:gsub('%c', ' ')
      if part[2] then
        marks[#marks + 1] = { row - 1, #text, #text + #piece, part[2] }
      end
      text = text .. piece
    end
    texts[row] = text
    view.targets[row] = line.target
  end
  vim.bo[view.bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(view.bufnr, 0, -1, false, texts)
  vim.bo[view.bufnr].modifiable = false
  vim.api.nvim_buf_clear_namespace(view.bufnr, namespace, 0, -1)
  for _, mark in ipairs(marks) do
    vim.api.nvim_buf_set_extmark(view.bufnr, namespace, mark[1], mark[2], {
      end_col = mark[3],
      hl_group = mark[4],
    })
  end
end

--- Opens the window of a buffer, or goes to it.
---@param bufnr integer
local function open_window(bufnr)
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    return vim.api.nvim_set_current_win(window)
  end
  local is_open, why = pcall(vim.cmd, config.get().open)
  if not is_open then
    client_of.tell(l10n.text('bad_open', client_of.reason(why)), vim.log.levels.WARN)
    -- Where there is no room for another window either, it is the current one.
    pcall(vim.cmd, 'botright split')
  end
  vim.api.nvim_win_set_buf(0, bufnr)
  vim.wo[0][0].number = false
  vim.wo[0][0].relativenumber = false
  vim.wo[0][0].signcolumn = 'no'
  vim.wo[0][0].list = false
end

--- A buffer of this name, with nothing in it that needs saving.
---@param name string
---@param filetype string
local function scratch(name, filetype)
  local bufnr = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?{},^$') .. '$')
  if bufnr == -1 then
    bufnr = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(bufnr, name)
  end
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].swapfile = false
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype
  return bufnr
end

--- Shows again what `:edit` has taken away: there is no file.
---@param bufnr integer
---@param show_again fun()
local function on_edit(bufnr, show_again)
  vim.api.nvim_create_autocmd('BufReadCmd', {
    group = vim.api.nvim_create_augroup('ksext.edit.' .. bufnr, {}),
    buffer = bufnr,
    desc = 'ksext: show again',
    callback = show_again,
  })
end

--- Maps a key in a view to what is to be done with the line's target.
---@param view ksext.View
---@param key string
---@param what string
---@param act fun(target: any, view: ksext.View)
local function map(view, key, what, act)
  vim.keymap.set('n', key, function()
    local row = vim.api.nvim_win_get_cursor(0)[1]
    act(view.targets[row], view)
  end, { buffer = view.bufnr, nowait = true, desc = 'ksext: ' .. what })
end

--- Reloads a view after something in its package has changed.
---@param view ksext.View
local function follow(view)
  local timer = assert(vim.uv.new_timer())
  local function soon()
    timer:start(PAUSE, 0, vim.schedule_wrap(view.reload))
  end
  local group = vim.api.nvim_create_augroup('ksext.view.' .. view.bufnr, {})
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'BufWritePost' }, {
    group = group,
    desc = 'ksext: show the package as it is now',
    callback = function(event)
      if view.client.attached_buffers[event.buf] then
        soon()
      end
    end,
  })
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = 'KsextStatus',
    desc = 'ksext: show the package as it is now',
    callback = soon,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = view.bufnr,
    callback = function()
      timer:close()
      vim.api.nvim_del_augroup_by_id(group)
    end,
  })
end

--- Shows the answer of a command in a buffer of its own, `ksext://KIND/…`.
---@param kind string
---@param label string
---@param options ksext.ViewOptions
---@return ksext.View
function M.open(kind, label, options)
  local bufnr = scratch(('ksext://%s/%s'):format(kind, label), options.filetype or 'ksext')
  ---@type ksext.View
  local view = {
    bufnr = bufnr,
    client = options.client,
    uri = options.uri,
    targets = {},
    reload = function() end,
    show = function() end,
  }
  vim.b[bufnr].ksext = { client_id = options.client.id, uri = options.uri }
  open_window(bufnr)
  local last = 0
  view.reload = function()
    if not vim.api.nvim_buf_is_valid(bufnr) then
      return
    end
    last = last + 1
    local asked = last
    -- That of the beginning may have been restarted.
    view.client = client_of.of(bufnr) or view.client
    local argument = options.argument and options.argument() or { uri = options.uri }
    run.ask(view.client, options.command, argument, function(failure, answer)
      local is_newest = asked == last and vim.api.nvim_buf_is_valid(bufnr)
      -- Another package of this name may be shown by now.
      if not is_newest or vim.b[bufnr].ksext.uri ~= options.uri then
        return
      end
      if failure then
        return show(view, vim.split(failure.message, '\n'))
      end
      local lines = options.render(answer, view)
      show(view, lines)
    end)
  end
  view.show = function(lines)
    show(view, lines)
  end
  require('ksext.commands').define(bufnr)
  on_edit(bufnr, view.reload)
  map(view, 'q', 'close', function()
    vim.api.nvim_buf_delete(bufnr, { force = true })
  end)
  map(view, 'R', 'ask again', view.reload)
  map(view, '<CR>', 'open', function(target)
    if target ~= nil and options.enter then
      options.enter(target, view)
    end
  end)
  for key, act in pairs(options.keys or {}) do
    map(view, key, key, act)
  end
  if options.live then
    follow(view)
  end
  view.reload()
  return view
end

--- Shows a text in a buffer of its own that asks nobody.
---@param kind string
---@param label string
---@param filetype string
---@param text string
---@return integer bufnr
function M.text(kind, label, filetype, text)
  local bufnr = scratch(('ksext://%s/%s'):format(kind, label), filetype)
  open_window(bufnr)
  local function fill()
    vim.bo[bufnr].modifiable = true
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(vim.trim(text), '\r?\n'))
    vim.bo[bufnr].modifiable = false
  end
  fill()
  on_edit(bufnr, fill)
  vim.keymap.set('n', 'q', '<Cmd>bwipeout!<CR>', { buffer = bufnr, nowait = true })
  return bufnr
end

--- The folder of the package that a file is of, or that is named itself.
---@param uri string
---@return string
function M.folder(uri)
  local path = vim.fs.normalize(vim.uri_to_fname(uri), { expand_env = false })
  local manifest = require('ksext.names').manifest_of(path)
  return manifest and vim.fs.dirname(manifest) or path
end

--- What a package is called in the names of buffers.
---@param uri string
---@return string
function M.label(uri)
  return vim.fs.basename(M.folder(uri))
end

--- Opens a file of the package beside the view. What push makes itself is in no file.
---@param view ksext.View
---@param path string below its folder
function M.open_file(view, path)
  local file = vim.fs.joinpath(M.folder(view.uri), path)
  if vim.uv.fs_stat(file) then
    M.edit(file)
  end
end

--- Opens a file beside the view that is the current window.
---@param file string
function M.edit(file)
  vim.cmd.wincmd('p')
  if vim.bo.buftype ~= '' then
    vim.cmd('topleft split')
  end
  M.edit_here(file)
end

--- Opens a file in the current window; in one above it if what is there would be lost.
---@param file string
function M.edit_here(file)
  if vim.fn.bufadd(file) == vim.api.nvim_get_current_buf() then
    return
  end
  if vim.bo.modified and not vim.o.hidden and vim.bo.bufhidden == '' then
    vim.cmd.split()
  end
  local is_open, why = pcall(vim.cmd.edit, vim.fn.fnameescape(file))
  if not is_open then
    client_of.tell(l10n.text('cannot_open', file, client_of.reason(why)), vim.log.levels.ERROR)
  end
end

--- The last line of a view: its keys.
---@param first? string those that are its own
---@return ksext.Line
function M.footer(first)
  local words = l10n.text('keys_close')
  return { { first and l10n.text('keys', first, words) or words, 'KsextHint' } }
end

--- A bar of `width` cells for a share between 0 and 1, in eighths of a cell.
---@param share number
---@param width integer
---@return string
function M.bar(share, width)
  local eighths = math.floor(math.max(0, math.min(1, share)) * width * 8 + 0.5)
  local partial = { '▏', '▎', '▍', '▌', '▋', '▊', '▉' }
  local full = math.floor(eighths / 8)
  local bar = ('█'):rep(full) .. (partial[eighths % 8] or '')
  return bar .. (' '):rep(width - vim.fn.strdisplaywidth(bar))
end

return M

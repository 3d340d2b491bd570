-- What a person does while answers are under way, and with files that are not saved.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
local client = d.client(bufnr)
d.choose('Push')
local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

-- The question is shown where no buffer may be changed.
vim.go.modifiable = false
vim.cmd('KsextPush!')
d.wait_message(', draft')
vim.go.modifiable = true

-- A key in the place of the server is not used, and not kept.
vim.fn.histadd('cmd', 'KsextLogin ' .. d.given.key)
vim.cmd('KsextLogin ' .. d.given.key)
d.report.key = d.wait_message('API key')
d.report.history = vim.fn.execute('history cmd')

-- A view that is closed before what it has asked for is there.
vim.v.errmsg = ''
vim.cmd('KsextStatus')
d.wait_line('#')
vim.fn.search('#')
press('s')
press('q')
d.report.submitted = d.wait_message(': submitted')
vim.wait(100)
d.report.failed = vim.v.errmsg

-- `:edit` in one.
vim.cmd('KsextSize')
d.wait_line('By folder')
vim.cmd.edit()
d.wait_line('By folder')
press('q')
vim.cmd('KsextExplain missing-icon')
d.wait_line('## Why')
vim.cmd.edit()
d.wait_line('## Why')
press('q')

-- Files are opened beside what is not saved.
vim.o.hidden = false
d.report.opened = {}
vim.api.nvim_buf_set_lines(bufnr, 0, 0, false, { '# not saved' })
for _, way in ipairs({
  { 'KsextStatus', '#', 'o', 'extension.yaml' },
  { 'KsextSize', 'README.md', '<CR>', 'README.md' },
}) do
  vim.cmd(way[1])
  d.wait_line(way[2])
  vim.fn.search(way[2])
  press(way[3])
  table.insert(d.report.opened, d.wait_file(way[4]))
  -- A file that is not looked at yet would start another server once this one has ended.
  d.client(vim.api.nvim_get_current_buf())
  vim.fn.win_gotoid(vim.fn.bufwinid(bufnr))
end
d.report.is_kept = vim.bo[bufnr].modified

-- A view of a server that has ended.
vim.cmd('KsextSize')
d.wait_line('By folder')
client:stop(true)
d.wait('the end of the server', function()
  return client:is_stopped() and #vim.lsp.get_clients({ name = 'ksext' }) == 0
end)
press('R')
d.report.ended = d.wait_line('does not run')

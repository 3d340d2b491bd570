-- Options that cannot be used: each is told, and nothing fails over them.
local d = Driver
local right = vim.g.ksext
local function with(options)
  return vim.tbl_extend('force', right, options)
end
d.report.health = {}
for name, options in pairs({
  text = 'ksext',
  empty = with({ cmd = {} }),
  number = with({ cmd = { 5 } }),
  failing = function()
    error('that fails')
  end,
  lang = with({ settings = { lang = 5 } }),
}) do
  vim.g.ksext = options
  vim.cmd('checkhealth ksext')
  d.report.health[name] = table.concat(d.lines(), '\n')
  vim.cmd('bwipeout!')
end

-- A function may return what it keeps: that stays as it is.
local kept = { lenses = 5 }
vim.g.ksext = function()
  return kept
end
d.report.lenses = require('ksext.config').get().lenses
d.report.kept = vim.deepcopy(kept)

vim.g.ksext = with({ open = 'NoSuchCommand' })
vim.cmd('KsextExplain missing-icon')
d.wait_line('## Why')
d.report.windows = #vim.api.nvim_list_wins()

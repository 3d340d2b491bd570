-- Safe fixes are made before a manifest is written.
local d = Driver
local options = vim.g.ksext
options.fix_on_save = true
vim.g.ksext = options
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
vim.cmd([[silent %s/^category: .*/category: Dev Tools # 开发者工具/]])
vim.cmd('silent write')
d.report.shown = d.lines(bufnr)

-- A new, empty manifest is nobody's until something of ours stands in it.
local d = Driver
local bufnr = d.open(d.given.home .. '/new/extension.yaml')
local function attached()
  return vim.lsp.get_clients({ name = 'ksext', bufnr = bufnr })[1] ~= nil
end
vim.wait(100)
d.report.empty = attached()
vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, { 'specVersion: v1beta' })
vim.api.nvim_exec_autocmds('TextChanged', { buffer = bufnr })
vim.wait(100)
d.report.foreign = attached()
vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, { 'name: new', 'displayName:', '  zh: 新' })
vim.api.nvim_exec_autocmds('TextChanged', { buffer = bufnr })
d.client(bufnr)
d.report.ours = attached()

-- To what a dependency names, and a new name for it everywhere.
local d = Driver
local folder = d.given.home .. '/demo'
local bufnr = d.open(folder .. '/extension.yaml')
d.client(bufnr)
local function go_to(pattern)
  vim.cmd.buffer(bufnr)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.fn.search(pattern, 'e') > 0, pattern)
end
local function wait_file(path)
  return d.wait(path, function()
    return vim.api.nvim_buf_get_name(0) == path
  end)
end

go_to('- name: backend')
vim.lsp.buf.definition()
d.report.chart = wait_file(folder .. '/charts/backend/Chart.yaml')
go_to('condition: backend.enabled')
vim.lsp.buf.definition()
d.report.value = wait_file(folder .. '/values.yaml') and vim.api.nvim_get_current_line()

go_to('- name: backend')
d.choose('')
vim.lsp.buf.rename('api')
d.wait('the new name', function()
  return vim.uv.fs_stat(folder .. '/charts/api/Chart.yaml')
    and table.concat(d.lines(bufnr), '\n'):find('- name: api', 1, true)
end)
vim.cmd('silent wall')

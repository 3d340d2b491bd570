-- `:checkhealth ksext`, with another YAML server on the same buffer.
local d = Driver
vim.g.ksext = vim.tbl_extend('force', vim.g.ksext, d.given.options)
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
if d.given.other then
  vim.lsp.start(
    { name = 'yamlls', cmd = d.given.other, root_dir = d.given.home },
    { bufnr = bufnr }
  )
  d.wait('the other server', function()
    local other = vim.lsp.get_clients({ name = 'yamlls', bufnr = bufnr })[1]
    return other and other.initialized
  end)
end
vim.cmd('checkhealth ksext')
d.report.health = table.concat(d.lines(), '\n')

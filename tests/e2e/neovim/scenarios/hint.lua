-- The review status behind the version, for who wants hints in place of lenses.
local d = Driver
local options = vim.g.ksext
options.lenses = false
options.inlay_hints = true
vim.g.ksext = options
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
vim.cmd('KsextStatus')
d.wait_line('submitted')
local hint = d.wait('the hint', function()
  return vim.lsp.inlay_hint.get({ bufnr = bufnr })[1]
end)
local label = hint.inlay_hint.label
d.report.line = d.lines(bufnr)[hint.inlay_hint.position.line + 1]
d.report.hint = type(label) == 'string' and label or label[1].value

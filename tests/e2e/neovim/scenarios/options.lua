-- Options from a function, and settings by both ways.
local d = Driver
local given = vim.g.ksext
vim.g.ksext = function()
  return {
    cmd = given.cmd,
    lang = 'zh',
    lenses = false,
    inlay_hints = true,
    open = 'topleft vsplit',
    settings = { ['size.limit'] = 1000 },
  }
end
vim.lsp.config('ksext', { settings = { ksext = { rules = { ['unknown-key'] = 'hint' } } } })
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
d.report.message = d.wait('a finding of the size', function()
  local found = vim.iter(d.findings(bufnr)):find(function(finding)
    return finding.rule == 'package-too-large'
  end)
  return found and found.message
end)
vim.api.nvim_buf_set_lines(bufnr, 0, 0, false, { 'unknownKey: 1' })
d.report.severity = d.wait('a finding of the key', function()
  local found = vim.iter(d.findings(bufnr)):find(function(finding)
    return finding.rule == 'unknown-key'
  end)
  return found and found.severity
end)
d.report.lenses = #vim.lsp.codelens.get(bufnr)
d.report.hints = vim.lsp.inlay_hint.is_enabled({ bufnr = bufnr })
vim.cmd('KsextSize')
d.wait_line('按目录')
d.report.windows = vim.fn.winlayout()[1]

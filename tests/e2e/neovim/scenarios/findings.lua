-- What a package's author sees while typing: findings, a fix, completion, hover.
local d = Driver
if d.given.encoding then
  vim.lsp.config('ksext', {
    capabilities = { general = { positionEncodings = { d.given.encoding } } },
  })
end
local path = d.given.home .. '/demo/extension.yaml'
local bufnr = d.open(path)
local client = d.client(bufnr)
d.report.encoding = client.offset_encoding
local found = d.wait('a finding', function()
  return vim.iter(d.findings(bufnr)):find(function(finding)
    return finding.rule == d.given.rule
  end)
end)
local line = d.lines(bufnr)[found.from[1] + 1]
d.report.underlined = line:sub(found.from[2] + 1, found.to[2])
d.report.finding = found

-- The fix, chosen as by `gra`, and saved.
vim.api.nvim_win_set_cursor(0, { found.from[1] + 1, found.from[2] })
d.choose(d.given.fix)
vim.lsp.buf.code_action()
d.wait('the fix', function()
  return d.lines(bufnr)[found.from[1] + 1] ~= line
end)
vim.cmd('silent write')
d.wait('no finding', function()
  return not vim.iter(d.findings(bufnr)):find(function(finding)
    return finding.rule == d.given.rule
  end)
end)

-- Completion behind `installationMode: `.
vim.cmd([[silent! %s/^installationMode:.*/installationMode: /]])
vim.fn.search('^installationMode:')
local row = vim.api.nvim_win_get_cursor(0)[1]
local position = { line = row - 1, character = #'installationMode: ' }
local document = vim.lsp.util.make_text_document_params(bufnr)
local proposals = client:request_sync('textDocument/completion', {
  textDocument = document,
  position = position,
}, 5000, bufnr)
local items = proposals.result.items or proposals.result
d.report.proposals = vim.tbl_map(function(item)
  return item.label
end, items)

-- What `K` shows.
vim.api.nvim_win_set_cursor(0, { row, 3 })
vim.lsp.buf.hover()
d.report.hover = d.wait('the hover', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return table.concat(d.lines(vim.api.nvim_win_get_buf(window)), '\n')
    end
  end
end)

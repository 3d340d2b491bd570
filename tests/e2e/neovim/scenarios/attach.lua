-- Opens files; reports which of them the language server looks at, and how many servers run.
local d = Driver
local ours = d.client(d.open(d.given.first))
local attached = {}
for _, file in ipairs(d.given.files) do
  local bufnr = d.open(file)
  -- A server is asked for in the same turn, and started in the next.
  vim.wait(100)
  attached[file] = vim.lsp.get_clients({ name = 'ksext', bufnr = bufnr })[1] ~= nil
end
d.report.attached = attached
d.report.servers = #vim.lsp.get_clients({ name = 'ksext' })
d.report.root = ours.root_dir

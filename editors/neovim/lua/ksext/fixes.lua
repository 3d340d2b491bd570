--- All safe fixes of a text at once, such as before it is saved.

local M = {}

--- How long the server may take, in milliseconds: saving waits for it.
local PATIENCE = 1000

--- The kind of the one action that makes all of them.
local KIND = 'source.fixAll.ksext'

--- Makes them in a buffer, which is left as it is where the server does not answer in time.
---@param bufnr? integer the current one if there is none
function M.fix_all(bufnr)
  bufnr = (bufnr or 0) == 0 and vim.api.nvim_get_current_buf() or bufnr --[[@as integer]]
  local client = vim.lsp.get_clients({ name = 'ksext', bufnr = bufnr })[1]
  if not client then
    return
  end
  local document = vim.lsp.util.make_text_document_params(bufnr)
  local start = { line = 0, character = 0 }
  local params = {
    textDocument = document,
    range = {
      start = start,
      ['end'] = { line = vim.api.nvim_buf_line_count(bufnr), character = 0 },
    },
    context = { diagnostics = {}, only = { KIND } },
  }
  local answer = client:request_sync('textDocument/codeAction', params, PATIENCE, bufnr)
  for _, action in ipairs(answer and answer.result or {}) do
    if action.edit then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
end

return M

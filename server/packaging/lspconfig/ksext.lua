---@brief
---
--- @REPOSITORY@
---
--- Language server for the packages of KubeSphere extensions. It can be installed with npm, pip, Homebrew or the
--- installer of a release.
---
--- It is started for files of a package, that is below a folder with an `extension.yaml`, and says nothing about
--- other YAML.

---@type vim.lsp.Config
return {
  cmd = { 'ksext', 'lsp' },
  filetypes = { 'yaml', 'yaml.helm-values', 'markdown' },
  root_dir = function(bufnr, on_dir)
    local package = vim.fs.root(bufnr, 'extension.yaml')
    if package then
      on_dir(vim.fs.root(package, '.git') or package)
    end
  end,
}

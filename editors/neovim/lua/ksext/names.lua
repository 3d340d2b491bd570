--- Which files can belong to a package, without a look into them.

local M = {}

--- The manifest of a package.
M.MANIFEST = 'extension.yaml'

--- The settings of a project, which no other program has.
M.SETTINGS = '.ksext.yaml'

--- Files beside a manifest of which the language server has something to say.
local BESIDE = { '^permissions%.yaml$', '^values%.yaml$', '^README.*%.md$', '^CHANGELOG.*%.md$' }

--- Files of a chart, two folders below a manifest.
local OF_A_CHART = { '^Chart%.yaml$', '^values%.yaml$' }

--- The path of a buffer's file, as it is: a `$` in it is no variable.
---@param bufnr integer
---@return string
function M.path_of(bufnr)
  return vim.fs.normalize(vim.api.nvim_buf_get_name(bufnr), { expand_env = false })
end

---@param name string
---@param patterns string[]
local function is_one_of(name, patterns)
  return vim.iter(patterns):any(function(pattern)
    return name:find(pattern) ~= nil
  end)
end

--- Where the manifest of the package would be that the file is in; nil if it can be in none.
---@param path string
---@return string?
function M.manifest_of(path)
  local folder, name = vim.fs.dirname(path), vim.fs.basename(path)
  if name == M.MANIFEST then
    return path
  end
  local charts = vim.fs.dirname(folder)
  if is_one_of(name, OF_A_CHART) and vim.fs.basename(charts) == 'charts' then
    return vim.fs.joinpath(vim.fs.dirname(charts), M.MANIFEST)
  end
  return is_one_of(name, BESIDE) and vim.fs.joinpath(folder, M.MANIFEST) or nil
end

--- Whether a file can be one that ksext looks at: by its name, and by a manifest where one must be.
---@param path string
function M.concerns(path)
  local name = vim.fs.basename(path)
  if name == M.MANIFEST or name == M.SETTINGS then
    return true
  end
  local manifest = M.manifest_of(path)
  return manifest ~= nil and vim.uv.fs_stat(manifest) ~= nil
end

return M

--- Which files can belong to a package, by their names alone.

local M = {}

--- The manifest of a package.
M.MANIFEST = 'extension.yaml'

--- The settings of a project, which no other program has.
M.SETTINGS = '.ksext.yaml'

--- Files beside a manifest of which the language server has something to say.
local BESIDE = { '^permissions%.yaml$', '^values%.yaml$', '^README.*%.md$', '^CHANGELOG.*%.md$' }

--- Files of a chart, two folders below a manifest.
local OF_A_CHART = { '^Chart%.yaml$', '^values%.yaml$' }

---@param name string
---@param patterns string[]
local function is_one_of(name, patterns)
  return vim.iter(patterns):any(function(pattern)
    return name:find(pattern) ~= nil
  end)
end

--- Whether a file of this name may be one that ksext looks at.
---@param name string without folders
function M.may_be_ours(name)
  return name == M.MANIFEST
    or name == M.SETTINGS
    or is_one_of(name, BESIDE)
    or is_one_of(name, OF_A_CHART)
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

return M

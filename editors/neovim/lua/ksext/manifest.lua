--- Whether an `extension.yaml` is a manifest of KubeSphere: Firebase, Dynatrace and others have files
--- of this name. The language server decides for itself (`manifest/recognition.rs`); this keeps it from
--- being started for theirs.

local names = require('ksext.names')
local reference = require('ksext.reference')

local M = {}

--- How much of a file is looked at, in bytes.
local ENOUGH = 4096

---@param words string[]
local function set(words)
  local found = {}
  for _, word in ipairs(words) do
    found[word] = true
  end
  return found
end

local OURS, MAPS, FIELDS = set(reference.keys), set(reference.maps), set(reference.fields)

---@param path string
---@param kind 'file'|'directory'
local function is(path, kind)
  local found = vim.uv.fs_stat(path)
  return found ~= nil and found.type == kind
end

--- Whether a folder lies below the `templates` of a Helm chart.
---@param folder string
local function in_templates(folder)
  for ancestor in vim.fs.parents(vim.fs.joinpath(folder, 'x')) do
    local chart = vim.fs.joinpath(vim.fs.dirname(ancestor), 'Chart.yaml')
    if vim.fs.basename(ancestor) == 'templates' and is(chart, 'file') then
      return true
    end
  end
  return false
end

--- Whether a folder holds what packages hold.
---@param folder string
local function looks_like_a_package(folder)
  local evidence = 0
  for _, beside in ipairs({
    { 'charts', 'directory' },
    { 'values.yaml', 'file' },
    { 'permissions.yaml', 'file' },
  }) do
    if is(vim.fs.joinpath(folder, beside[1]), beside[2]) then
      evidence = evidence + 1
    end
  end
  return evidence >= 2
end

--- The key that a line begins with, and what follows.
---@param line string
---@return string? key
---@return string rest
local function key_of(line)
  local key, rest = line:match('^\239?\187?\191?([%w_%-]+)%s*:(.*)$')
  return key, rest or ''
end

--- Whether a line holds one of our keys in double quotes, as JSON does.
---@param line string
local function quotes_our_key(line)
  for key in line:gmatch('"(%w+)"%s*:') do
    if OURS[key] then
      return true
    end
  end
  return false
end

--- Whether the value that begins with `rest` and goes on below line `at` is a map.
---@param lines string[]
---@param at integer
---@param rest string
local function is_map(lines, at, rest)
  rest = vim.trim(rest:gsub('%s#.*$', ''))
  if rest ~= '' then
    return rest:sub(1, 1) == '{'
  end
  for below = at + 1, #lines do
    local line = lines[below]
    if line:find('^%s+[^%s#]') then
      return line:find('^%s+[^%s#:]+:') ~= nil
    elseif line:find('^[^%s#]') then
      return false
    end
  end
  return false
end

--- Whose manifest a text is: `ours`, `foreign`, or `unknown` while it says too little.
---@param lines string[] its beginning
---@param folder string where it is
---@return 'ours'|'foreign'|'unknown'
function M.recognize(lines, folder)
  if in_templates(folder) then
    return 'foreign'
  end
  local foreign = false
  for at, line in ipairs(lines) do
    local key, rest = key_of(line)
    local is_ours = key and (OURS[key] or MAPS[key] and is_map(lines, at, rest))
    if is_ours or quotes_our_key(line) then
      return 'ours'
    end
    foreign = foreign or key ~= nil and not FIELDS[key]
  end
  if foreign then
    return 'foreign'
  end
  return looks_like_a_package(folder) and 'ours' or 'unknown'
end

--- The first lines of a text, as much of it as is looked at.
---@param text string
local function beginning(text)
  return vim.split(text:sub(1, ENOUGH), '\r?\n')
end

--- Whose the manifest at `path` is, as it is on the disk.
---@param path string
local function recognize_file(path)
  local file = io.open(path)
  if not file then
    return 'unknown'
  end
  local text = file:read(ENOUGH) or ''
  file:close()
  return M.recognize(beginning(text), vim.fs.dirname(path))
end

--- Whose the package is that a buffer is of, as it is now.
---@param bufnr integer
---@return 'ours'|'foreign'|'unknown'
---@return string? manifest where the package's manifest is, if the buffer can be of one
function M.recognize_buffer(bufnr)
  local path = names.path_of(bufnr)
  if vim.fs.basename(path) == names.SETTINGS then
    return 'ours'
  end
  local manifest = names.manifest_of(path)
  if not manifest then
    return 'foreign'
  end
  if manifest ~= path then
    return recognize_file(manifest), manifest
  end
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, ENOUGH / 8, false)
  local text = table.concat(lines, '\n')
  return M.recognize(beginning(text), vim.fs.dirname(path)), manifest
end

return M

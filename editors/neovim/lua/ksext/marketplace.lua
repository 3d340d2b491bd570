--- How the Marketplace shows the package, as Markdown: the card and the page of details, in each
--- language.

local client_of = require('ksext.client')
local l10n = require('ksext.l10n')
local text = l10n.text
local view = require('ksext.view')

local M = {}

local function present(value)
  return value ~= nil and value ~= ''
end

---@param lines ksext.Page
---@param label string
---@param value any
local function field(lines, label, value)
  if present(value) then
    lines[#lines + 1] = ('- **%s**: %s'):format(label, value)
  end
end

--- A person or company with the ways to reach it.
---@param who table?
local function person(who)
  if not present(who) then
    return nil
  end
  local words = { who.name }
  for _, way in ipairs({ who.email, who.url }) do
    if present(way) then
      words[#words + 1] = ('<%s>'):format(way)
    end
  end
  return table.concat(words, ' ')
end

--- A picture, which leads to its file or address.
---@param lines ksext.Page
---@param label string
---@param picture table?
local function picture_line(lines, label, picture)
  if not present(picture) then
    return field(lines, label, text('market_none'))
  end
  ---@cast picture table
  -- A picture may stand in the manifest itself, far too long to show.
  local words = #picture.text > 80 and picture.text:sub(1, 77) .. '…' or picture.text
  if picture.missing then
    words = ('~~%s~~ (%s)'):format(words, text('market_not_there'))
  end
  lines[#lines + 1] = { { ('- **%s**: %s'):format(label, words) }, target = picture.uri }
end

---@param lines ksext.Page
---@param words string?
local function paragraphs(lines, words)
  if present(words) then
    vim.list_extend(lines, { '' })
    vim.list_extend(lines, vim.split(vim.trim(words), '\r?\n'))
  end
end

--- The card and the page of details in one language.
---@param lines ksext.Page
---@param answer table
---@param language string
local function add_language(lines, answer, language)
  local label = ({ en = 'English', zh = '中文' })[language] or language
  local name = answer.displayName[language] or answer.name or ''
  if #lines > 0 then
    lines[#lines + 1] = ''
  end
  lines[#lines + 1] = ('# %s · %s'):format(name, label)
  paragraphs(lines, answer.description[language])
  lines[#lines + 1] = ''
  field(lines, text('market_version'), answer.version)
  local category = answer.categoryTitle
  field(lines, text('market_category'), category and category[language] or answer.category)
  field(lines, text('market_provider'), person(answer.provider[language]))
  picture_line(lines, text('market_icon'), answer.icon)
  for _, screenshot in ipairs(answer.screenshots) do
    picture_line(lines, text('market_screenshots'), screenshot)
  end
  local readme, changelog = answer.readme[language], answer.changelog[language]
  if present(readme) then
    vim.list_extend(lines, { '', ('## %s'):format(text('market_readme')) })
    paragraphs(lines, readme)
  end
  if present(changelog) then
    vim.list_extend(lines, { '', ('## %s'):format(text('market_changelog')) })
    paragraphs(lines, changelog)
  end
end

--- What is the same in every language.
---@param lines ksext.Page
---@param answer table
local function add_facts(lines, answer)
  vim.list_extend(lines, { '', '---', '' })
  local requires = {}
  for _, need in ipairs({
    { 'Kubernetes', answer.kubeVersion },
    { 'KubeSphere', answer.ksVersion },
  }) do
    if present(need[2]) then
      requires[#requires + 1] = ('%s `%s`'):format(need[1], need[2])
    end
  end
  field(lines, text('market_requires'), table.concat(requires, ', '))
  field(lines, text('market_mode'), answer.installationMode)
  field(lines, text('market_keywords'), table.concat(answer.keywords or {}, ', '))
  local maintainers = vim.tbl_map(person, answer.maintainers or {})
  field(lines, text('market_maintainers'), table.concat(maintainers, ', '))
  field(lines, text('market_home'), answer.home)
  field(lines, text('market_docs'), answer.docs)
  field(lines, text('market_sources'), table.concat(answer.sources or {}, ', '))
  local charts = vim.tbl_map(function(chart)
    return chart.name
  end, answer.dependencies or {})
  field(lines, text('market_dependencies'), table.concat(charts, ', '))
end

--- The page of an answer of `ksext.marketplace`.
---@param answer table
---@return ksext.Page
function M.render(answer)
  local lines = {}
  if #(answer.missing or {}) > 0 then
    lines[#lines + 1] = ('> **%s**'):format(text('market_missing'))
    for _, missing in ipairs(answer.missing) do
      lines[#lines + 1] = '> - ' .. missing.message
    end
  end
  -- The user's language comes first.
  local languages = vim.deepcopy(answer.languages)
  table.sort(languages, function(a, b)
    local mine = l10n.lang()
    return (a == mine) ~= (b == mine) and a == mine or (b ~= mine and a < b)
  end)
  for _, language in ipairs(languages) do
    add_language(lines, answer, language)
  end
  add_facts(lines, answer)
  vim.list_extend(lines, { '', view.footer(text('market_opens')) })
  return lines
end

--- Shows a package as the Marketplace shows it, while it is typed.
---@param client vim.lsp.Client
---@param uri string
function M.open(client, uri)
  view.open('marketplace', view.label(uri), {
    client = client,
    uri = uri,
    filetype = 'markdown',
    command = 'ksext.marketplace',
    render = M.render,
    live = true,
    enter = function(uri_of_picture)
      local _, why = vim.ui.open(uri_of_picture)
      if why then
        client_of.tell(text('cannot_open', uri_of_picture, why), vim.log.levels.ERROR)
      end
    end,
  })
end

return M

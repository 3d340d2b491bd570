--- Sizes, times and states for people, in the words of the program (`ksext-core/src/lang.rs`, and
--- `age.rs` and `state_word.rs` in `ksext/src/commands/shared`).

local text = require('ksext.l10n').text

local M = {}

--- A number of bytes, in steps of 1024: `512 B`, `34.6 KB`, `1.0 MB`.
---@param bytes integer
---@return string
function M.size(bytes)
  if bytes < 1024 then
    return ('%d B'):format(bytes)
  end
  local size, unit = bytes / 1024, 'KB'
  for _, larger in ipairs({ 'MB', 'GB' }) do
    if size < 1023.95 then
      break
    end
    size, unit = size / 1024, larger
  end
  return ('%.1f %s'):format(size, unit)
end

--- How long ago a time of the cloud's was.
---@param time string? RFC 3339, in UTC
---@param now integer? seconds since 1970
---@return string? age nil if it is no time
function M.age(time, now)
  if type(time) ~= 'string' then
    return nil
  end
  local year, month, day, hour, minute, second =
    time:match('^(%d+)-(%d+)-(%d+)[Tt](%d+):(%d+):(%d+)')
  -- Go writes the year 1 for a time that it does not have.
  if not year or tonumber(year) < 2000 then
    return nil
  end
  local fields = { year = year, month = month, day = day, hour = hour, min = minute, sec = second }
  now = now or os.time()
  -- `os.time` takes the fields for local time; the difference of the two readings of `now` mends that.
  local zone = os.time(os.date('!*t', now) --[[@as osdateparam]]) - now
  local past = now - (os.time(fields) - zone)
  local days = math.floor(past / 86400)
  if past < 60 then
    return text('age_now')
  elseif past < 300 then
    return text('age_few_minutes')
  elseif past < 3600 then
    return text('age_minutes', math.floor(past / 300) * 5)
  elseif days < 2 then
    return text('age_hours', math.floor(past / 3600))
  elseif days < 60 then
    return text('age_days', days)
  elseif days < 730 then
    return text('age_months', math.floor(days / 30))
  end
  return text('age_years', math.floor(days / 365))
end

--- A word of the cloud's for where an extension or a version stands; unknown ones as they are.
---@param word string
---@return string
function M.state(word)
  local name = 'state_' .. (word == '' and 'unknown' or word)
  if require('ksext.l10n').TEXTS[name] then
    return text(name)
  end
  return (word:gsub('%c', ' '))
end

--- The highlight group of a state.
---@param word string
---@return string
function M.state_highlight(word)
  local groups = {
    draft = 'KsextDraft',
    submitted = 'KsextSubmitted',
    active = 'KsextActive',
    ready = 'KsextActive',
    rejected = 'KsextRejected',
  }
  return groups[word] or 'KsextSubmitted'
end

return M

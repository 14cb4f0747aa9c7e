-- What Argo CD shows of Bellman's objects, by the conditions that the operator writes (agents, on a NodePlan).
-- Argo CD runs it with the language's own functions alone: no string, no math.
local function health(status, message)
  return {status = status, message = message}
end

if obj.metadata.deletionTimestamp ~= nil then
  -- What keeps it is said of the very version that is deleted.
  if obj.status ~= nil and obj.status.observedGeneration == obj.metadata.generation then
    for _, condition in ipairs(obj.status.conditions or {}) do
      if condition.type == "Ready" and condition.status == "False" then
        return health("Degraded", condition.message)
      end
    end
  end
  return health("Progressing", "what it did is being undone")
end
-- A part of NodePlans: what became of it is theirs to say.
if obj.kind == "NodePlanSlice" then
  return health("Healthy", "it is a part of NodePlans, which say what became of it")
end
if obj.status == nil or obj.status.conditions == nil then
  return health("Progressing", "the operator has not looked at it yet")
end
-- Otherwise the next wave would start on the word about the version before.
if obj.status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "the operator has not looked at this version yet")
end

for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    local message = condition.message
    if message == nil or message == "" then
      message = condition.reason
    end
    if condition.status == "True" then
      return health("Healthy", message)
    end
    if condition.status == "False" then
      return health("Degraded", message)
    end
    return health("Progressing", message)
  end
end
return health("Progressing", "the operator has not said yet whether it is ready")

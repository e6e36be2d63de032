/** Whether a parsed value is a JSON object: neither null nor a list. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value with every text in it put through the rule.
 * @param ruleOfNames what names of members are put through; they stay unless it is given
 */
export function mapTexts<Value>(
  value: Value,
  rule: (text: string) => string,
  ruleOfNames: (name: string) => string = (name) => name,
): Value {
  if (typeof value === 'string') return rule(value) as Value
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, rule, ruleOfNames)) as Value
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      ruleOfNames(name),
      mapTexts(member, rule, ruleOfNames),
    ]),
  ) as Value
}

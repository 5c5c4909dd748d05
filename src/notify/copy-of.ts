/** A whole copy of a value that is JSON, as everything is that comes from storage. */
export function copyOf<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

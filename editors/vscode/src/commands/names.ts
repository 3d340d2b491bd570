/** Names of extensions. */

/** Whether a cluster takes `name` for an extension, which is an object of it: a DNS label as in RFC 1123. */
export function isName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

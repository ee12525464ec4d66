import type { Asking } from './fetch-pages.ts'

/** The Edm types of an entity set's properties, by property: `Edm.Int32`. Empty when the set is not described. */
export type PropertyTypes = ReadonlyMap<string, string>

/**
 * Reads the types of a set's own and inherited properties from `$metadata` (CSDL in XML, OData 2 to 4.01). Only what a client
 * needs to write literals is looked at; anything else in the text is skipped.
 */
export function readPropertyTypes(metadata: string, set: string): PropertyTypes {
  const entitySet = findElement(metadata, 'EntitySet', (attributes) => attributes.get('Name') === set)
  const types = new Map<string, string>()
  // A chain of base types ends; one that does not is no chain.
  for (let name = entitySet?.attributes.get('EntityType'), depth = 0; name && depth < 10; depth += 1) {
    const short = name.slice(name.lastIndexOf('.') + 1)
    const type = findElement(metadata, 'EntityType', (attributes) => attributes.get('Name') === short)
    if (!type) break
    for (const { attributes } of elements(type.content, 'Property')) {
      const [property, edm] = [attributes.get('Name'), attributes.get('Type')]
      if (property && edm && !types.has(property)) types.set(property, edm)
    }
    name = type.attributes.get('BaseType')
  }
  return types
}

type Element = { attributes: ReadonlyMap<string, string>; content: string }

function findElement(xml: string, tag: string, isMeant: (attributes: Element['attributes']) => boolean) {
  for (const element of elements(xml, tag)) if (isMeant(element.attributes)) return element
  return undefined
}

/** Elements of a tag, which does not nest in itself in CSDL. Namespace prefixes are no part of the tag. */
function* elements(xml: string, tag: string): Generator<Element> {
  const opening = new RegExp(`<(?:\\w+:)?${tag}\\b((?:\\s+[\\w:.]+\\s*=\\s*(?:"[^"]*"|'[^']*'))*)\\s*(/?)>`, 'g')
  const closing = new RegExp(`</(?:\\w+:)?${tag}\\s*>`, 'g')
  for (const match of xml.matchAll(opening)) {
    closing.lastIndex = match.index
    const end = match[2] === '/' ? undefined : closing.exec(xml)?.index
    const content = end === undefined ? '' : xml.slice(match.index + match[0].length, end)
    yield { attributes: readAttributes(match[1] ?? ''), content }
  }
}

function readAttributes(text: string): Map<string, string> {
  const found = text.matchAll(/([\w:.]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)
  return new Map([...found].map(([, name = '', double, single]) => [name, double ?? single ?? '']))
}

export type KeepTypes = (set: string, asking: Asking) => Promise<PropertyTypes>

/** Keeps the types of sets; each is read once, and again after a failure. A set's path may lead through a service of its own. */
export function keepPropertyTypes(): KeepTypes {
  const kept = new Map<string, PropertyTypes>()
  return async (set, { client, server, limits, signal }) => {
    const known = kept.get(set)
    if (known) return known
    const end = set.lastIndexOf('/') + 1
    const metadata = await client.getMetadata({ server, service: set.slice(0, end), endsAt: limits.endsAt }, signal)
    const types = readPropertyTypes(metadata, set.slice(end))
    kept.set(set, types)
    return types
  }
}

import type { EntitySet, Property } from '../model.ts'
import { entitySets } from '../model-sets.ts'
import { functionNames } from './function-sql.ts'

const namespace = 'DemoErp'

/** `$metadata`: CSDL 4.0 in XML. The vocabularies are named, so that a client can see that `$apply` works before it tries. */
export const metadataXml = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
  reference('Aggregation', 'Org.OData.Aggregation.V1'),
  reference('Capabilities', 'Org.OData.Capabilities.V1'),
  '<edmx:DataServices>',
  `<Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
  ...entitySets.map(entityType),
  '<EntityContainer Name="Container">',
  ...entitySets.map((set) => `<EntitySet Name="${set.name}" EntityType="${namespace}.${set.entityType}"/>`),
  '</EntityContainer>',
  `<Annotations Target="${namespace}.Container">`,
  '<Annotation Term="Org.OData.Aggregation.V1.ApplySupported"><Record>',
  `<PropertyValue Property="Transformations">${stringCollection(['filter', 'compute', 'groupby', 'aggregate'])}</PropertyValue>`,
  '</Record></Annotation>',
  '<Annotation Term="Org.OData.Capabilities.V1.ConformanceLevel">',
  '<EnumMember>Org.OData.Capabilities.V1.ConformanceLevelType/Intermediate</EnumMember></Annotation>',
  `<Annotation Term="Org.OData.Capabilities.V1.FilterFunctions">${stringCollection(functionNames)}</Annotation>`,
  '<Annotation Term="Org.OData.Capabilities.V1.BatchSupported" Bool="false"/>',
  '</Annotations>',
  '</Schema>',
  '</edmx:DataServices>',
  '</edmx:Edmx>',
].join('\n')

/** The service document: every entity set and where it is. */
export function serviceDocument(root: string): string {
  const value = entitySets.map(({ name }) => ({ name, kind: 'EntitySet', url: name }))
  return JSON.stringify({ '@odata.context': `${root}$metadata`, value })
}

function reference(file: string, name: string): string {
  const uri = `https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.${file}.V1.xml`
  return `<edmx:Reference Uri="${uri}"><edmx:Include Namespace="${name}" Alias="${file}"/></edmx:Reference>`
}

function entityType(set: EntitySet): string {
  const keys = set.key.map((name) => `<PropertyRef Name="${name}"/>`).join('')
  const properties = set.properties.map(property).join('\n')
  return `<EntityType Name="${set.entityType}">\n<Key>${keys}</Key>\n${properties}\n</EntityType>`
}

function property({ name, type, nullable = false, precision, scale, maxLength }: Property): string {
  const facets: [string, string | number | undefined][] = [
    ['MaxLength', maxLength],
    ['Precision', precision],
    ['Scale', scale],
  ]
  const written = facets.map(([facet, value]) => (value === undefined ? '' : ` ${facet}="${value}"`)).join('')
  return `<Property Name="${name}" Type="Edm.${type}" Nullable="${nullable}"${written}/>`
}

function stringCollection(values: string[]): string {
  return `<Collection>${values.map((value) => `<String>${value}</String>`).join('')}</Collection>`
}

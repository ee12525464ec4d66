import { expect, test } from 'vitest'
import { metadataXml } from '../../../../demo/erp/odata/metadata.ts'
import { readPropertyTypes } from './property-types.ts'

test('reads the types of a set', () => {
  expect(readPropertyTypes(metadataXml, 'SalesInvoiceLines').get('LineId')).toBe('Edm.Int32')
  expect(readPropertyTypes(metadataXml, 'ReceivableItems').get('InvoiceNo')).toBe('Edm.String')
  expect(readPropertyTypes(metadataXml, 'ReceivableItems').has('LineId')).toBe(false)
  expect(readPropertyTypes(metadataXml, 'Nothing').size).toBe(0)
})

test('reads other ways to write the same', () => {
  const xml = `<edm:EntityType BaseType='NS.base'
    Name='Order'><edm:Property Type="Edm.Guid" Name="id"></edm:Property><edm:Property Name="no" Type='Edm.String'/></edm:EntityType>
    <edm:EntityType Name="base" Abstract="true"><edm:Property Name="at" Type="Edm.DateTimeOffset"/></edm:EntityType>
    <edm:EntitySet EntityType="NS.Order" Name="orders"><edm:NavigationPropertyBinding Path="x" Target="y"/></edm:EntitySet>`
  expect([...readPropertyTypes(xml, 'orders')]).toEqual([
    ['id', 'Edm.Guid'],
    ['no', 'Edm.String'],
    ['at', 'Edm.DateTimeOffset'],
  ])
})

test('comes to an end with types that are their own base, and with what is no metadata', () => {
  const xml =
    '<EntitySet Name="a" EntityType="N.A"/><EntityType Name="A" BaseType="N.A"><Property Name="x" Type="Edm.Int32"/>'
  expect(readPropertyTypes(xml, 'a').size).toBe(0)
  expect(readPropertyTypes('<html>'.repeat(1_000), 'a').size).toBe(0)
})

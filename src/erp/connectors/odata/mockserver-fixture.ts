// SAP's mock server (@sap-ux/fe-mockserver-core, Apache-2.0): an OData V4 and V2 service that nobody here wrote. Tests only.
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { customers, invoices } from './simulator-data-fixture.ts'

/** The sales as one flat set in V4, and as documents with lines in V2. Amounts are whole: the server sums floats. */
const lines = invoices.slice(0, 58).flatMap(({ lines: all, ...invoice }) =>
  all.map(({ item, category, amount, quantity, profit }, j) => ({
    ...{
      Document: invoice.number,
      Position: String(j),
      Day: invoice.date,
      Customer: customers[invoice.customer] ?? '',
    },
    ...{ Region: invoice.region ?? '', Item: item, Category: category },
    ...{ Amount: Math.round(Number(amount) * 100), Quantity: Number(quantity), Profit: Number(profit) },
  })),
)

const property = (name: string, type: string) => `<Property Name="${name}" Type="Edm.${type}"/>`
const properties = (day: string) =>
  [
    ...['Document', 'Position'].map((name) => `<Property Name="${name}" Type="Edm.String" Nullable="false"/>`),
    property('Day', day),
    ...['Customer', 'Region', 'Item', 'Category'].map((name) => property(name, 'String')),
    ...['Amount', 'Quantity', 'Profit'].map(
      (name) => `<Property Name="${name}" Type="Edm.Decimal" Precision="15" Scale="3"/>`,
    ),
  ].join('')
const key = '<Key><PropertyRef Name="Document"/><PropertyRef Name="Position"/></Key>'

const metadataV4 = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<edmx:DataServices><Schema Namespace="office" Alias="SAP__self">
<EntityType Name="SalesItemType">${key}${properties('Date')}</EntityType>
<EntityContainer Name="Container"><EntitySet Name="SalesItems" EntityType="office.SalesItemType"/></EntityContainer>
<Annotations Target="SAP__self.SalesItemType"><Annotation Term="Org.OData.Aggregation.V1.ApplySupported"><Record/></Annotation></Annotations>
</Schema></edmx:DataServices></edmx:Edmx>`

const metadataV2 = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
<edmx:DataServices m:DataServiceVersion="2.0"><Schema Namespace="office" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">
<EntityType Name="SalesItemType">${key}${properties('DateTime')}</EntityType>
<EntityContainer Name="Container" m:IsDefaultEntityContainer="true"><EntitySet Name="SalesItems" EntityType="office.SalesItemType"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

/** CommonJS with a default export, which Node and the test runner import differently. */
const require = createRequire(import.meta.url)
const { default: Mockserver } = require('@sap-ux/fe-mockserver-core') as typeof import('@sap-ux/fe-mockserver-core')

/** Both services on one port: `/v4/` and `/v2/`. */
export async function serveMockserver() {
  const folder = await mkdtemp(join(tmpdir(), 'odata-'))
  // It orders decimals that are texts, as V2 writes them, like texts: amounts are numbers here.
  const v2Lines = lines.map((line) => ({
    ...line,
    Day: `/Date(${Date.parse(`${line.Day}T00:00:00Z`)})/`,
    Quantity: String(line.Quantity),
    Profit: String(line.Profit),
  }))
  for (const [name, metadata, rows] of [
    ['v4', metadataV4, lines],
    ['v2', metadataV2, v2Lines],
  ] as const) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'metadata.xml'), metadata)
    await writeFile(join(folder, name, 'SalesItems.json'), JSON.stringify(rows))
  }
  const mock = new Mockserver({
    services: ['v4', 'v2'].map((name) => ({
      urlPath: `/${name}`,
      metadataPath: join(folder, name, 'metadata.xml'),
      mockdataPath: join(folder, name),
      watch: false,
    })),
  })
  await mock.isReady
  const router = mock.getRouter()
  const seen: URL[] = []
  const server = createServer((request, response) => {
    seen.push(new URL(request.url ?? '', 'http://mock'))
    router(request as never, response as never, () => response.writeHead(404).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    seen,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await mock.dispose()
      await rm(folder, { recursive: true })
    },
  }
}

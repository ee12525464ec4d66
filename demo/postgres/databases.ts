import pg from 'pg'

/** A database and the login that owns it: neither a superuser nor able to enter other databases. */
export type OwnedDatabase = { database: string; owner: string; password: string; replication?: boolean }

/** Makes the database unless it is there, and its owner; answers the owner's connection URL. */
export async function ensureOwnedDatabase(adminUrl: string, wanted: OwnedDatabase): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const [database, owner] = [client.escapeIdentifier(wanted.database), client.escapeIdentifier(wanted.owner)]
    const known = await client.query('select 1 from pg_roles where rolname = $1', [wanted.owner])
    const attributes = `login ${wanted.replication ? 'replication' : 'noreplication'} password ${client.escapeLiteral(wanted.password)}`
    await client.query(`${known.rowCount === 0 ? 'create' : 'alter'} role ${owner} ${attributes}`)
    const found = await client.query('select 1 from pg_database where datname = $1', [wanted.database])
    if (found.rowCount === 0) {
      await client.query(`create database ${database} owner ${owner}`)
      await client.query(`revoke all on database ${database} from public`)
    }
  } finally {
    await client.end()
  }
  const url = new URL(adminUrl)
  Object.assign(url, { username: wanted.owner, password: wanted.password, pathname: `/${wanted.database}` })
  return url.href
}

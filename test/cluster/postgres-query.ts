import pg from 'pg'

/** Runs one SQL text on a connection of its own. */
export async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text)
    return result.rows
  } finally {
    await client.end()
  }
}

/** Runs one SQL text on a connection that stays open, with the locks that it took, until the function that it gives is called. */
export async function queryAndHold(url: string, text: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  return () => client.end()
}

import { isAccountId } from '../../accounts/account-name.ts'
import { findAccountIds } from '../../accounts/find-accounts.ts'
import type { ServiceContext } from '../../context.ts'
import { malformed, parseNewPolicy } from './parse.ts'
import type { Policy } from './policy.ts'

/** A policy that may be stored. */
export interface CheckedPolicy {
  readonly policy: Policy
  /** As it was written; with canonical ids replaced, where it had any. */
  readonly text: string
}

/**
 * Reads a policy that is put, and refuses principals that no account can have, such as the id of an access key: a statement about nobody is a
 * mistake that would not be noticed otherwise, and a Deny of the kind protects nothing. The id of an account that is not here is taken: policies
 * come along with data from elsewhere, and hold for the account should it come, too. As in S3, canonical ids become the ARNs of their accounts,
 * which must be here. Throws `MalformedPolicy` naming the first principal that is refused.
 */
export async function checkPolicy(
  context: ServiceContext,
  text: string,
  bucketName: string,
): Promise<CheckedPolicy> {
  const policy = parseNewPolicy(text, bucketName)
  const principals = policy.statements.map(({ principal }) => principal)
  for (const { names } of principals)
    for (const name of names) if (!isAccountId(name)) throw malformed(`Invalid principal in policy: ${name}`)
  const canonicalUserIds = new Set(principals.flatMap((principal) => [...principal.canonicalUserIds]))
  if (canonicalUserIds.size === 0) return { policy, text }
  const accountIds = await findAccountIds(context, [...canonicalUserIds])
  const named = JSON.stringify(withAccounts(JSON.parse(text) as PolicyDocument, accountIds))
  return { policy: parseNewPolicy(named, bucketName), text: named }
}

/** The part of a policy document that names principals; parsePolicy has seen that it is so. */
interface PolicyDocument {
  readonly Statement: StatementDocument | readonly StatementDocument[]
}

interface StatementDocument {
  readonly Principal?: PrincipalDocument
  readonly NotPrincipal?: PrincipalDocument
}

type PrincipalDocument =
  | string
  | { readonly AWS?: string | readonly string[]; readonly CanonicalUser?: string | readonly string[] }

function withAccounts(document: PolicyDocument, accountIds: ReadonlyMap<string, string>): PolicyDocument {
  const { Statement: statement } = document
  const statements = Array.isArray(statement)
    ? (statement as StatementDocument[])
    : [statement as StatementDocument]
  return {
    ...document,
    Statement: statements.map((item) => ({
      ...item,
      ...(item.Principal !== undefined && { Principal: principalOf(item.Principal, accountIds) }),
      ...(item.NotPrincipal !== undefined && { NotPrincipal: principalOf(item.NotPrincipal, accountIds) }),
    })),
  }
}

function principalOf(
  principal: PrincipalDocument,
  accountIds: ReadonlyMap<string, string>,
): PrincipalDocument {
  if (typeof principal === 'string' || principal.CanonicalUser === undefined) return principal
  const arns = [principal.CanonicalUser].flat().map((canonicalUserId) => {
    const accountId = accountIds.get(canonicalUserId)
    if (accountId === undefined) throw malformed(`Invalid principal in policy: ${canonicalUserId}`)
    return `arn:aws:iam::${accountId}:root`
  })
  return { AWS: [...[principal.AWS ?? []].flat(), ...arns] }
}

/**
 * PKCS#12 (RFC 7292), as much of it as a client's certificate file needs, and only the writing: one
 * private key with its certificate.
 *
 * There is no password, and so neither encryption nor a check sum (the `macData` is optional): the
 * file says as much as the PEM file beside it, and is closed to others in the same way. Readers take
 * such a file with an empty password; Terraform's reads no PEM.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { integer, objectIdentifier, octetString, sequence, setOf, tagged } from './der.ts'

const OID = {
  data: '1.2.840.113549.1.7.1',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
}

const VERSION = Buffer.of(3)

/** @param certificate in DER; must be of this key's public half */
export function pkcs12(certificate: Uint8Array, privateKey: KeyObject): Buffer {
  // What tells readers which certificate is the key's: any bytes, the same in both bags.
  const keyId = createHash('sha1').update(certificate).digest()
  const key = privateKey.export({ type: 'pkcs8', format: 'der' })
  const kept = sequence(objectIdentifier(OID.x509Certificate), explicit(octetString(certificate)))
  const bags = sequence(bag(OID.certificateBag, kept, keyId), bag(OID.keyBag, key, keyId))
  return sequence(integer(VERSION), data(sequence(data(bags))))
}

function bag(kind: string, value: Uint8Array, keyId: Uint8Array): Buffer {
  const attribute = sequence(objectIdentifier(OID.localKeyId), setOf(octetString(keyId)))
  return sequence(objectIdentifier(kind), explicit(value), setOf(attribute))
}

function data(content: Uint8Array): Buffer {
  return sequence(objectIdentifier(OID.data), explicit(octetString(content)))
}

function explicit(content: Uint8Array): Buffer {
  return tagged(0, content, 'constructed')
}

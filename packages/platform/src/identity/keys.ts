import { readFileSync } from "node:fs";
import { exportJWK, generateKeyPair, importJWK, calculateJwkThumbprint, type CryptoKey, type JWK } from "jose";

export const ALGORITHM = "EdDSA";

/** The key that signs tokens, and its public half as a JWKS entry. */
export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** A new Ed25519 key as the JSON of a private JWK, to be kept in a file that only the owner reads. */
export const newSigningJwk = async (): Promise<string> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
  return JSON.stringify(await exportJWK(privateKey));
};

/** Reads the private JWK. Throws when the file is missing or holds something else. */
export const readSigningKey = async (file: string): Promise<SigningKey> => {
  let jwk: JWK;
  try {
    jwk = JSON.parse(readFileSync(file, "utf8")) as JWK;
  } catch (cause) {
    throw new Error(`The signing key ${file} cannot be read: start Kava once, or point SIGNING_KEY_FILE at a private JWK`, { cause });
  }
  const { d: _private, ...publicPart } = jwk;
  const kid = await calculateJwkThumbprint(publicPart);
  const privateKey = await importJWK(jwk, ALGORITHM);
  if (privateKey instanceof Uint8Array) throw new Error(`${file} holds a symmetric key; an Ed25519 private JWK is needed`);
  return { kid, privateKey, publicJwk: { ...publicPart, kid, alg: ALGORITHM, use: "sig" } };
};

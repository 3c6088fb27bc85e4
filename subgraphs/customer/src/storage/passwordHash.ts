import { randomBytes, scrypt, type ScryptOptions } from "node:crypto";

/** 32 MB and about 0.2 s a hash, off the main thread (OWASP's N = 2^15, r = 8, p = 3). */
const COST = { log2N: 15, r: 8, p: 3 };
const KEY_BYTES = 32;

/** A password as it is stored: `scrypt$log2N$r$p$salt$key`, so that the cost can rise without locking anybody out. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.log2N, COST.r, COST.p, salt.toString("base64url"), key.toString("base64url")].join("$");
};

const derive = (password: string, salt: Buffer, { log2N, r, p }: typeof COST): Promise<Buffer> => {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
};

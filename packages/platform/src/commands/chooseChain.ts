export { chooseChain } from "../models/chooseChain.js";

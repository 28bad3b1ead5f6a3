import { expect, test } from "vitest";
import { bodyOf, valuesOf } from "./values";

const VALUES = { ...valuesOf(null), name: " fit ", url: "https://fit.example/analysis " };

test("a new service is sent with its numbers as numbers and its name for display", () => {
  expect(bodyOf(VALUES, null)).toMatchObject({ name: "fit", display_name: "fit", url: "https://fit.example/analysis", timeout: 3600 });
  expect(bodyOf(VALUES, null)).not.toHaveProperty("group_ids");
});

test("credentials have the form of their kind, and stay as they are stored when none are given", () => {
  const header = { ...VALUES, authentication_type: "header_token" };
  expect(bodyOf(header, { value: "Bearer X" })["_authinfo"]).toEqual({ header_token: { Authorization: "Bearer X" } });
  expect(bodyOf(header, null)).not.toHaveProperty("_authinfo");
  const basic = { ...VALUES, authentication_type: "HTTPBasicAuth" };
  expect(bodyOf(basic, { username: "u", password: "p" })["_authinfo"]).toEqual({ username: "u", password: "p" });
});

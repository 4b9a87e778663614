/** What people see of runs: web pages, and the report that is a page in one file. */
package dev.cloakproof.evaluator.page;

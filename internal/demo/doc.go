// Package demo owns invented data: the small cast that a first start shows
// ([Load]), and rows in any number for trials and load tests ([Seed]). Both go
// through the ledger, so that their scores are as true as any.
package demo

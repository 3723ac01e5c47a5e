/// What a test waited for did not come within its time limit.
package struct NothingCame: Error {}

//! IAM's operations on roles, one file each.

mod attach_role_policy;
mod create_role;
mod delete_role;
mod delete_role_policy;
mod detach_role_policy;
mod get_role;
mod get_role_policy;
mod list_attached_role_policies;
mod list_role_policies;
mod list_roles;
mod put_role_policy;
mod role;
mod update_assume_role_policy;

crate::api::operations! {
    AttachRolePolicy => attach_role_policy,
    CreateRole => create_role,
    DeleteRole => delete_role,
    DeleteRolePolicy => delete_role_policy,
    DetachRolePolicy => detach_role_policy,
    GetRole => get_role,
    GetRolePolicy => get_role_policy,
    ListAttachedRolePolicies => list_attached_role_policies,
    ListRolePolicies => list_role_policies,
    ListRoles => list_roles,
    PutRolePolicy => put_role_policy,
    UpdateAssumeRolePolicy => update_assume_role_policy,
}

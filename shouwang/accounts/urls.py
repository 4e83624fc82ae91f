"""Addresses of the accounts room."""

from django.urls import URLPattern, URLResolver, path

from .views import managing, own, signing_in

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", signing_in.login_view, name="login"),
    path("logout/", signing_in.logout_view, name="logout"),
    path("password/", own.password, name="password"),
    path("me/", own.profile, name="profile"),
    path("switch-post/", own.switch_post, name="switch-post"),
    path("", managing.accounts, name="list"),
    path("roles/", managing.roles, name="roles"),
    path("departments/", managing.departments, name="departments"),
    path("new/", managing.create, name="create"),
    path("<int:pk>/", managing.detail, name="detail"),
    path("<int:pk>/rename/", managing.rename, name="rename"),
    path("<int:pk>/posts/", managing.add_post, name="add-post"),
    path("<int:pk>/posts/<int:post_pk>/end/", managing.end_post, name="end-post"),
    path("<int:pk>/reset-password/", managing.reset_password, name="reset-password"),
    path("<int:pk>/deactivate/", managing.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", managing.reactivate, name="reactivate"),
    path("<int:pk>/unlock/", managing.unlock, name="unlock"),
]
